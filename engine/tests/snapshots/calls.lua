-- HIR, optimised CLIF
-- Calls of a Lua function and of a library function that is looked up in a global table.
local function twice(x) return x + x end
local sum = 0
for i = 1, 20 do
  sum = sum + twice(i) + math.max(i, 10)
end
assert(sum == 675)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 0
    v0: Int = arg 0
    jump block1()
block1():    ; pc 0
    v1: Int = add v0 v0
    v2: Any = box v1
    return v2
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64, i64 system_v {
    sig14 = (i64, i64, i64) -> i64, i64 system_v
    fn14 = colocated u0:16 sig14

block0(v0: i64, v1: i64, v2: i64):
    v4 = load.i64 notrap aligned v0+136
    v3 = get_stack_pointer.i64
    v5 = icmp ult v3, v4
    brif v5, block3, block4

block4:
    v9 = load.i64 notrap aligned v0+40
    v7 = iconst.i64 32
    v8 = iadd.i64 v1, v7  ; v7 = 32
    v10 = icmp ugt v8, v9
    brif v10, block3, block5

block5:
    jump block1

block1:
    jump block2

block2:
    v11 = iadd.i64 v2, v2
    v23 = iconst.i64 3
    return v11, v23  ; v23 = 3

block3 cold:
    store.i64 notrap aligned v2, v1
    v12 = iconst.i32 3
    store notrap aligned v12, v1+8  ; v12 = 3
    jump block6

block6 cold:
    v16 = iconst.i64 0
    v21, v22 = call %cranelua_leave(v0, v1, v3, v16, v16)  ; v16 = 0, v16 = 0
    return v21, v22
}
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: LuaFn = guard v0    -> guard_type pc 7 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 []
    v10: Any = load r5
    v11: Int = guard v10    -> guard_type pc 7 []
    jump block1(v3, v5, v7, v9, v11)
block1(v12: Int, v13: Int, v14: Int, v15: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r1=v12 r2=v13 r3=v14 r4=v15 r5=v16]
    v18: None = guard_callee v1 target 0    -> guard_callee pc 9 [r1=v12 r2=v13 r3=v14 r4=v15 r5=v16 r6=v1 r7=v16]
    v19: None = store r1 v12
    v20: None = store r2 v13
    v21: None = store r3 v14
    v22: None = store r4 v15
    v23: None = store r5 v16
    v24: Any = call_native r6 v1 target 0 (v16) at pc 9    -> after_call pc 10 [r6=v24]
    v25: Int = guard_result v24    -> guard_result pc 10 [r6=v24]
    v26: Int = add v12 v25
    v27: Table = upval_get 0    -> guard_upvalue pc 12 [r6=v26]
    v28: None = guard_shape v27    -> guard_shape pc 12 [r6=v26]
    v29: Table = node_get v27    -> guard_node pc 12 [r6=v26]
    v30: Any = lookup v29 1 cases    -> guard_shape pc 13 [r6=v26 r7=v29] or step
    v31: Int = int 10
    v32: None = store r6 v26
    v33: None = store r7 v30
    v34: None = store r8 v16
    v35: None = store r9 v31
    v36: None = call r7 at pc 16    -> after_call pc 17 []
    v37: Any = load r7
    v38: Int = guard_result v37    -> guard_result pc 17 []
    v39: Int = add v26 v38
    v40: Int = int 0
    v41: Int = int 1
    v42: Bool = eq v14 v40
    v43: None = exit_if v42 == true    -> loop_end pc 20 [r1=v39]
    v44: Int = sub v14 v41
    v45: Int = add v13 v15
    jump block2()
block2():    ; pc 19
    jump block1(v39, v45, v44, v15, v45)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {
    sig14 = (i64, i64, i64) -> i64, i64 system_v

block0(v0: i64, v1: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1
    v9 = load.i32 notrap aligned v1+8
    v10 = iconst.i32 70
    v11 = icmp ne v9, v10  ; v10 = 70
    brif v11, block4, block5

block5:
    v13 = load.i64 notrap aligned v1+16
    v14 = load.i32 notrap aligned v1+24
    v15 = iconst.i32 3
    v16 = icmp ne v14, v15  ; v15 = 3
    brif v16, block4, block6

block6:
    v18 = load.i64 notrap aligned v1+32
    v19 = load.i32 notrap aligned v1+40
    v224 = iconst.i32 3
    v225 = icmp ne v19, v224  ; v224 = 3
    brif v225, block4, block7

block7:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v226 = iconst.i32 3
    v227 = icmp ne v24, v226  ; v226 = 3
    brif v227, block4, block8

block8:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v228 = iconst.i32 3
    v229 = icmp ne v29, v228  ; v228 = 3
    brif v229, block4, block9

block9:
    v33 = load.i64 notrap aligned v1+80
    v34 = load.i32 notrap aligned v1+88
    v230 = iconst.i32 3
    v231 = icmp ne v34, v230  ; v230 = 3
    brif v231, block4, block10

block10:
    v42 = iconst.i64 0x7000_0000_0000
    v50 = iconst.i64 70
    v53 = iconst.i64 0x7000_0000_0010
    v51 = iconst.i64 112
    v58 = get_stack_pointer.i64
    v61 = iconst.i64 4096
    v68 = iconst.i64 1
    v66 = iconst.i64 -2
    jump block2(v13, v18, v23, v33, v1)

block4 cold:
    v290 = iconst.i64 0
    return v290  ; v290 = 0

block2(v2: i64, v3: i64, v4: i64, v6: i64, v214: i64):
    v38 = load.i8 notrap aligned v0+125
    brif v38, block11, block12

block12:
    v41 = load.i64 notrap aligned v8+8
    v232 = iconst.i64 0x7000_0000_0000
    v233 = icmp ne v41, v232  ; v232 = 0x7000_0000_0000
    brif v233, block13, block14

block14:
    store.i64 notrap aligned v2, v214+16
    v234 = iconst.i32 3
    store notrap aligned v234, v214+24  ; v234 = 3
    store.i64 notrap aligned v3, v214+32
    store notrap aligned v234, v214+40  ; v234 = 3
    store.i64 notrap aligned v4, v214+48
    store notrap aligned v234, v214+56  ; v234 = 3
    store.i64 notrap aligned v28, v214+64
    store notrap aligned v234, v214+72  ; v234 = 3
    store.i64 notrap aligned v6, v214+80
    store notrap aligned v234, v214+88  ; v234 = 3
    store.i64 notrap aligned v8, v214+96
    v235 = iconst.i64 70
    store notrap aligned v235, v214+104  ; v235 = 70
    v236 = iconst.i64 0x7000_0000_0010
    v54 = load.i64 notrap aligned v236  ; v236 = 0x7000_0000_0010
    v237 = iconst.i64 112
    v238 = iadd.i64 v214, v237  ; v237 = 112
    v55, v56 = call_indirect sig14, v54(v0, v238, v6)
    v59 = load.i64 notrap aligned v0+128
    v60 = icmp.i64 uge v58, v59
    brif v60, block15, block16(v214)

block15 cold:
    v239 = iconst.i64 4096
    v240 = icmp.i64 eq v56, v239  ; v239 = 4096
    brif v240, block17, block18

block17 cold:
    v63 = iconst.i64 0x0001_0000_0000
    v64 = bor.i64 v55, v63  ; v63 = 0x0001_0000_0000
    return v64

block18 cold:
    v65 = call %cranelua_resync(v0, v58)
    v241 = iconst.i64 1
    v242 = band v65, v241  ; v241 = 1
    brif v242, block19, block20

block20:
    v243 = iconst.i64 -2
    v244 = band.i64 v65, v243  ; v243 = -2
    jump block16(v244)

block16(v216: i64):
    v247 = ireduce.i32 v56
    v248 = iconst.i32 3
    v249 = icmp ne v247, v248  ; v248 = 3
    brif v249, block21, block22

block22:
    v76 = load.i64 notrap aligned v216-16
    v77 = load.i64 notrap aligned v76+16
    v78 = load.i64 notrap aligned v77+8
    v79 = load.i64 notrap aligned v78
    v80 = load.i32 notrap aligned v78+8
    v81 = iconst.i32 69
    v82 = icmp ne v80, v81  ; v81 = 69
    brif v82, block23, block24

block24:
    v83 = load.i32 notrap aligned v79+4
    v84 = iconst.i32 2
    v85 = icmp ne v83, v84  ; v84 = 2
    brif v85, block25, block26

block26:
    v86 = load.i64 notrap aligned v79+32
    v87 = load.i32 notrap aligned v86-8
    jump block28

block28:
    v92 = load.i64 notrap aligned v86+8
    v95 = load.i8 notrap aligned v86+17
    v93 = iconst.i64 0x7000_0000_0020
    v94 = icmp ne v92, v93  ; v93 = 0x7000_0000_0020
    v96 = iconst.i8 68
    v97 = icmp ne v95, v96  ; v96 = 68
    v98 = bor v94, v97
    brif v98, block27(v216), block29

block29:
    v99 = load.i8 notrap aligned v86+16
    v101 = load.i64 notrap aligned v86
    v100 = uextend.i32 v99
    v250 = iconst.i32 69
    v251 = icmp ne v100, v250  ; v250 = 69
    brif v251, block27(v216), block30

block30:
    v106 = load.i32 notrap aligned v101+4
    v252 = iconst.i32 2
    v253 = icmp ne v106, v252  ; v252 = 2
    brif v253, block31(v216), block34

block34:
    v109 = load.i64 notrap aligned v101+32
    v110 = load.i32 notrap aligned v109-8
    v111 = iconst.i32 43
    v112 = icmp ult v110, v111  ; v111 = 43
    brif v112, block31(v216), block35

block35:
    v113 = iconst.i64 1032
    v114 = iadd.i64 v109, v113  ; v113 = 1032
    v115 = load.i64 notrap aligned v114+8
    v118 = load.i8 notrap aligned v114+17
    v116 = iconst.i64 0x7000_0000_0030
    v117 = icmp ne v115, v116  ; v116 = 0x7000_0000_0030
    v254 = iconst.i8 68
    v255 = icmp ne v118, v254  ; v254 = 68
    v121 = bor v117, v255
    brif v121, block31(v216), block36

block36:
    v256 = iadd.i64 v109, v113  ; v113 = 1032
    v122 = load.i8 notrap aligned v256+16
    v123 = uextend.i32 v122
    v88 = iconst.i32 0
    v125 = icmp eq v123, v88  ; v88 = 0
    brif v125, block31(v216), block37

block37:
    v257 = iadd.i64 v109, v113  ; v113 = 1032
    v126 = load.i64 notrap aligned v257
    jump block33

block33:
    jump block32(v126, v123, v216)

block31(v129: i64) cold:
    v74 = iadd.i64 v2, v55
    store notrap aligned v74, v129+96
    v258 = iconst.i32 3
    store notrap aligned v258, v129+104  ; v258 = 3
    store.i64 notrap aligned v101, v129+112
    v259 = iconst.i32 69
    store notrap aligned v259, v129+120  ; v259 = 69
    v134 = iconst.i64 0x7000_0000_0050
    v132 = iconst.i64 0x7000_0000_0040
    v135 = call %cranelua_recover(v0, v129, v58, v134, v132)  ; v134 = 0x7000_0000_0050, v132 = 0x7000_0000_0040
    v136 = iconst.i64 16
    v137 = icmp ult v135, v136  ; v136 = 16
    brif v137, block38, block39

block38 cold:
    v264 = iconst.i64 0x0001_0000_0000
    v139 = bor.i64 v135, v264  ; v264 = 0x0001_0000_0000
    return v139

block39:
    v260 = iconst.i64 1
    v261 = band.i64 v135, v260  ; v260 = 1
    brif v261, block40, block41

block41:
    v262 = iconst.i64 -2
    v263 = band.i64 v135, v262  ; v262 = -2
    v147 = load.i64 notrap aligned v263+112
    v148 = load.i32 notrap aligned v263+120
    jump block32(v147, v148, v263)

block32(v104: i64, v105: i32, v150: i64):
    v265 = iadd.i64 v2, v55
    store notrap aligned v265, v150+96
    v266 = iconst.i32 3
    store notrap aligned v266, v150+104  ; v266 = 3
    store notrap aligned v104, v150+112
    store notrap aligned v105, v150+120
    store.i64 notrap aligned v6, v150+128
    store notrap aligned v266, v150+136  ; v266 = 3
    v149 = iconst.i64 10
    store notrap aligned v149, v150+144  ; v149 = 10
    store notrap aligned v266, v150+152  ; v266 = 3
    v154 = iconst.i64 0x7000_0000_0060
    v155 = iconst.i64 0x0002_0307
    v157 = call %cranelua_call(v0, v150, v58, v154, v155)  ; v154 = 0x7000_0000_0060, v155 = 0x0002_0307
    v267 = iconst.i64 16
    v159 = icmp ult v157, v267  ; v267 = 16
    brif v159, block42, block43

block42 cold:
    v279 = iconst.i64 0x0001_0000_0000
    v161 = bor.i64 v157, v279  ; v279 = 0x0001_0000_0000
    return v161

block43:
    v268 = iconst.i64 1
    v269 = band.i64 v157, v268  ; v268 = 1
    brif v269, block44, block45

block45:
    v270 = iconst.i64 -2
    v271 = band.i64 v157, v270  ; v270 = -2
    v169 = load.i64 notrap aligned v271+112
    v170 = load.i32 notrap aligned v271+120
    v272 = iconst.i32 3
    v273 = icmp ne v170, v272  ; v272 = 3
    brif v273, block46, block47

block47:
    v70 = iconst.i64 0
    v176 = icmp.i64 eq v4, v70  ; v70 = 0
    brif v176, block48, block49

block49:
    jump block3

block11 cold:
    store.i64 notrap aligned v2, v214+16
    v288 = iconst.i32 3
    store notrap aligned v288, v214+24  ; v288 = 3
    store.i64 notrap aligned v3, v214+32
    store notrap aligned v288, v214+40  ; v288 = 3
    store.i64 notrap aligned v4, v214+48
    store notrap aligned v288, v214+56  ; v288 = 3
    store.i64 notrap aligned v28, v214+64
    store notrap aligned v288, v214+72  ; v288 = 3
    store.i64 notrap aligned v6, v214+80
    store notrap aligned v288, v214+88  ; v288 = 3
    v289 = iconst.i64 1
    return v289  ; v289 = 1

block13 cold:
    store.i64 notrap aligned v2, v214+16
    v286 = iconst.i32 3
    store notrap aligned v286, v214+24  ; v286 = 3
    store.i64 notrap aligned v3, v214+32
    store notrap aligned v286, v214+40  ; v286 = 3
    store.i64 notrap aligned v4, v214+48
    store notrap aligned v286, v214+56  ; v286 = 3
    store.i64 notrap aligned v28, v214+64
    store notrap aligned v286, v214+72  ; v286 = 3
    store.i64 notrap aligned v6, v214+80
    store notrap aligned v286, v214+88  ; v286 = 3
    store.i64 notrap aligned v8, v214+96
    v287 = iconst.i32 70
    store notrap aligned v287, v214+104  ; v287 = 70
    store.i64 notrap aligned v6, v214+112
    store notrap aligned v286, v214+120  ; v286 = 3
    v194 = iconst.i64 2
    return v194  ; v194 = 2

block19 cold:
    v245 = iconst.i64 -2
    v246 = band.i64 v65, v245  ; v245 = -2
    store.i64 notrap aligned v55, v246+96
    v57 = ireduce.i32 v56
    store notrap aligned v57, v246+104
    v196 = iconst.i64 3
    return v196  ; v196 = 3

block21 cold:
    store.i64 notrap aligned v55, v216+96
    store.i32 notrap aligned v247, v216+104
    v198 = iconst.i64 4
    return v198  ; v198 = 4

block23 cold:
    v284 = iadd.i64 v2, v55
    store notrap aligned v284, v216+96
    v285 = iconst.i32 3
    store notrap aligned v285, v216+104  ; v285 = 3
    v201 = iconst.i64 5
    return v201  ; v201 = 5

block25 cold:
    v282 = iadd.i64 v2, v55
    store notrap aligned v282, v216+96
    v283 = iconst.i32 3
    store notrap aligned v283, v216+104  ; v283 = 3
    v204 = iconst.i64 6
    return v204  ; v204 = 6

block27(v205: i64) cold:
    v280 = iadd.i64 v2, v55
    store notrap aligned v280, v205+96
    v281 = iconst.i32 3
    store notrap aligned v281, v205+104  ; v281 = 3
    v207 = iconst.i64 7
    return v207  ; v207 = 7

block40 cold:
    v208 = iconst.i64 9
    return v208  ; v208 = 9

block44 cold:
    v278 = iconst.i64 10
    return v278  ; v278 = 10

block46 cold:
    v210 = iconst.i64 11
    return v210  ; v210 = 11

block48 cold:
    v276 = iadd.i64 v265, v169
    store notrap aligned v276, v271+16
    v277 = iconst.i32 3
    store notrap aligned v277, v271+24  ; v277 = 3
    v213 = iconst.i64 12
    return v213  ; v213 = 12

block3:
    v173 = iadd.i64 v265, v169
    v178 = iadd.i64 v3, v28
    v274 = iconst.i64 1
    v275 = isub.i64 v4, v274  ; v274 = 1
    jump block2(v173, v178, v275, v178, v271)
}
]==]
