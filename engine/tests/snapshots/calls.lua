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
    sig37 = (i64, i64, i64) -> i64, i64 system_v
    fn37 = u0:39 sig37

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
    v25 = iconst.i64 3
    return v11, v25  ; v25 = 3

block3 cold:
    store.i64 notrap aligned v2, v1
    v12 = iconst.i32 3
    store notrap aligned v12, v1+8  ; v12 = 3
    jump block6

block6 cold:
    v17 = iconst.i64 0
    v22, v23 = call %cranelua_leave(v0, v1, v3, v17, v17)  ; v17 = 0, v17 = 0
    return v22, v23
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
    jump block1()
block1():    ; pc 7
    v18: None = guard_callee v1 target 0    -> guard_callee pc 7 [] as guard_hoisted
    v22: Table = upval_get 0    -> guard_upvalue pc 7 [] as guard_hoisted
    jump block2(v3, v5, v7, v11)
block2(v12: Int, v13: Int, v14: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r1=v12 r2=v13 r3=v14 r4=v9 r5=v16]
    v19: Int = add v16 v16
    jump block3()
block3():    ; pc 9
    v21: Int = add v12 v19
    v23: None = guard_shape v22    -> guard_shape pc 12 [r1=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v21]
    v24: Table = node_get v22    -> guard_node pc 12 [r1=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v21]
    v25: Any = lookup v24 1 cases    -> guard_shape pc 13 [r1=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v21 r7=v24] or step
    v26: Int = int 10
    v27: None = guard_native v25    -> guard_callee pc 16 [r1=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v21 r7=v25 r8=v16 r9=v26]
    v28: Int = max v16 v26
    v29: Int = add v21 v28
    v30: Int = int 0
    v31: Int = int 1
    v32: Bool = eq v14 v30
    v33: None = exit_if v32 == true    -> loop_end pc 20 [r1=v29 r2=v13 r3=v14 r4=v9 r5=v16 r6=v21 r7=v28]
    v34: Int = sub v14 v31
    v35: Int = add v13 v9
    jump block4()
block4():    ; pc 19
    jump block2(v29, v35, v34, v35)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 70
    v10 = icmp ne v8, v9  ; v9 = 70
    brif v10, block6, block7

block7:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block6, block8

block8:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v171 = iconst.i32 3
    v172 = icmp ne v18, v171  ; v171 = 3
    brif v172, block6, block9

block9:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v173 = iconst.i32 3
    v174 = icmp ne v23, v173  ; v173 = 3
    brif v174, block6, block10

block10:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v175 = iconst.i32 3
    v176 = icmp ne v28, v175  ; v175 = 3
    brif v176, block6, block11

block11:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v177 = iconst.i32 3
    v178 = icmp ne v33, v177  ; v177 = 3
    brif v178, block6, block12

block12:
    jump block2

block6 cold:
    v236 = iconst.i64 0
    return v236  ; v236 = 0

block2:
    v38 = load.i64 notrap aligned v7+8
    v39 = iconst.i64 0x7000_0000_0000
    v40 = icmp ne v38, v39  ; v39 = 0x7000_0000_0000
    brif v40, block13, block14

block14:
    v42 = load.i64 notrap aligned v1-16
    v43 = load.i64 notrap aligned v42+16
    v44 = load.i64 notrap aligned v43+8
    v45 = load.i64 notrap aligned v44
    v46 = load.i32 notrap aligned v44+8
    v47 = iconst.i32 69
    v48 = icmp ne v46, v47  ; v47 = 69
    brif v48, block13, block15

block15:
    v51 = iconst.i64 125
    v52 = iadd.i64 v0, v51  ; v51 = 125
    v61 = iconst.i32 2
    v65 = iconst.i32 28
    v67 = iconst.i64 672
    v70 = iconst.i64 0x7000_0000_0010
    v73 = iconst.i8 68
    v78 = iconst.i8 69
    v88 = iconst.i32 25
    v90 = iconst.i64 600
    v93 = iconst.i64 0x7000_0000_0020
    v101 = iconst.i64 0
    v105 = iconst.i32 0
    v111 = iconst.i64 0x7000_0000_0030
    v112 = iconst.i64 0x7000_0000_0040
    v116 = iconst.i32 255
    v120 = get_stack_pointer.i64
    v123 = iconst.i64 16
    v129 = iconst.i64 1
    v127 = iconst.i64 -2
    jump block3(v12, v17, v22, v32, v1)

block13 cold:
    v235 = iconst.i64 1
    return v235  ; v235 = 1

block3(v2: i64, v3: i64, v4: i64, v5: i64, v160: i64):
    v179 = iadd.i64 v0, v51  ; v51 = 125
    v53 = atomic_load.i8 notrap aligned v179
    brif v53, block16, block17

block17:
    jump block4

block16 cold:
    store.i64 notrap aligned v2, v160+16
    store.i64 notrap aligned v3, v160+32
    store.i64 notrap aligned v4, v160+48
    store.i64 notrap aligned v27, v160+64
    store.i64 notrap aligned v5, v160+80
    v57 = iconst.i64 2
    return v57  ; v57 = 2

block4:
    v60 = load.i32 notrap aligned v45+4
    v180 = iconst.i32 2
    v181 = icmp ne v60, v180  ; v180 = 2
    brif v181, block18, block19

block19:
    v63 = load.i64 notrap aligned v45+32
    v64 = load.i32 notrap aligned v63-12
    v182 = iconst.i32 28
    v183 = icmp ult v64, v182  ; v182 = 28
    brif v183, block20, block21

block21:
    v184 = iconst.i64 672
    v185 = iadd.i64 v63, v184  ; v184 = 672
    v69 = load.i64 notrap aligned v185+8
    v72 = load.i8 notrap aligned v185+17
    v186 = iconst.i64 0x7000_0000_0010
    v187 = icmp ne v69, v186  ; v186 = 0x7000_0000_0010
    v188 = iconst.i8 68
    v189 = icmp ne v72, v188  ; v188 = 68
    v75 = bor v187, v189
    brif v75, block20, block22

block22:
    v76 = load.i8 notrap aligned v185+16
    v77 = load.i64 notrap aligned v185
    v190 = iconst.i8 69
    v191 = icmp ne v76, v190  ; v190 = 69
    brif v191, block20, block23

block23:
    v82 = load.i32 notrap aligned v77+4
    v192 = iconst.i32 2
    v193 = icmp ne v82, v192  ; v192 = 2
    brif v193, block24(v160), block27

block27:
    v86 = load.i64 notrap aligned v77+32
    v87 = load.i32 notrap aligned v86-12
    v194 = iconst.i32 25
    v195 = icmp ult v87, v194  ; v194 = 25
    brif v195, block28(v160), block30

block30:
    v196 = iconst.i64 600
    v197 = iadd.i64 v86, v196  ; v196 = 600
    v92 = load.i64 notrap aligned v197+8
    v95 = load.i8 notrap aligned v197+17
    v198 = iconst.i64 0x7000_0000_0020
    v199 = icmp ne v92, v198  ; v198 = 0x7000_0000_0020
    v200 = iconst.i8 68
    v201 = icmp ne v95, v200  ; v200 = 68
    v98 = bor v199, v201
    brif v98, block28(v160), block31

block31:
    jump block29(v197, v160)

block28(v162: i64) cold:
    v202 = iconst.i64 0x7000_0000_0020
    v100 = call %cranelua_find_node(v77, v202)  ; v202 = 0x7000_0000_0020
    v203 = iconst.i64 0
    v204 = icmp eq v100, v203  ; v203 = 0
    brif v204, block24(v162), block32

block32:
    jump block29(v100, v162)

block29(v85: i64, v163: i64):
    v103 = load.i8 notrap aligned v85+16
    v104 = uextend.i32 v103
    v205 = iconst.i32 0
    v206 = icmp eq v104, v205  ; v205 = 0
    brif v206, block24(v163), block33

block33:
    v107 = load.i64 notrap aligned v85
    jump block26

block26:
    jump block25(v107, v104, v163)

block24(v110: i64) cold:
    v207 = iconst.i64 0x7000_0000_0030
    v208 = iconst.i64 0x7000_0000_0040
    v113, v114 = call %cranelua_missed_field(v0, v110, v207, v77, v208)  ; v207 = 0x7000_0000_0030, v208 = 0x7000_0000_0040
    v115 = ireduce.i32 v114
    v209 = iconst.i32 255
    v210 = icmp eq v115, v209  ; v209 = 255
    brif v210, block34, block35

block35:
    jump block25(v113, v115, v110)

block34 cold:
    store.i64 notrap aligned v2, v110+16
    store.i64 notrap aligned v3, v110+32
    store.i64 notrap aligned v4, v110+48
    store.i64 notrap aligned v27, v110+64
    store.i64 notrap aligned v5, v110+80
    v56 = iadd.i64 v5, v5
    v59 = iadd.i64 v2, v56
    store notrap aligned v59, v110+96
    store.i64 notrap aligned v77, v110+112
    v211 = iconst.i64 0x7000_0000_0030
    v212 = iconst.i64 0x7000_0000_0040
    v122 = call %cranelua_recover(v0, v110, v120, v211, v212)  ; v211 = 0x7000_0000_0030, v212 = 0x7000_0000_0040
    v213 = iconst.i64 16
    v214 = icmp ult v122, v213  ; v213 = 16
    brif v214, block36, block37

block36 cold:
    v125 = iconst.i64 0x0001_0000_0000
    v126 = bor.i64 v122, v125  ; v125 = 0x0001_0000_0000
    return v126

block37:
    v215 = iconst.i64 1
    v216 = band.i64 v122, v215  ; v215 = 1
    brif v216, block38, block39

block39:
    v217 = iconst.i64 -2
    v218 = band.i64 v122, v217  ; v217 = -2
    v134 = load.i64 notrap aligned v218+112
    v135 = load.i32 notrap aligned v218+120
    jump block25(v134, v135, v218)

block25(v80: i64, v81: i32, v167: i64):
    v137 = iconst.i64 0x7000_0000_0050
    v138 = icmp ne v80, v137  ; v137 = 0x7000_0000_0050
    v139 = iconst.i32 38
    v140 = icmp ne v81, v139  ; v139 = 38
    v141 = bor v138, v140
    brif v141, block40, block41

block41:
    v219 = iconst.i64 0
    v220 = icmp.i64 eq v4, v219  ; v219 = 0
    brif v220, block42, block43

block43:
    jump block5

block18 cold:
    v150 = iconst.i64 3
    jump block44(v150)  ; v150 = 3

block44(v151: i64) cold:
    store.i64 notrap aligned v2, v160+16
    store.i64 notrap aligned v3, v160+32
    store.i64 notrap aligned v4, v160+48
    store.i64 notrap aligned v27, v160+64
    store.i64 notrap aligned v5, v160+80
    v233 = iadd.i64 v5, v5
    v234 = iadd.i64 v2, v233
    store notrap aligned v234, v160+96
    return v151

block20 cold:
    v153 = iconst.i64 4
    jump block44(v153)  ; v153 = 4

block38 cold:
    v154 = iconst.i64 6
    return v154  ; v154 = 6

block40 cold:
    store.i64 notrap aligned v2, v167+16
    store.i64 notrap aligned v3, v167+32
    store.i64 notrap aligned v4, v167+48
    store.i64 notrap aligned v27, v167+64
    store.i64 notrap aligned v5, v167+80
    v230 = iadd.i64 v5, v5
    v231 = iadd.i64 v2, v230
    store notrap aligned v231, v167+96
    store.i64 notrap aligned v80, v167+112
    store.i32 notrap aligned v81, v167+120
    store.i64 notrap aligned v5, v167+128
    v232 = iconst.i64 10
    store notrap aligned v232, v167+144  ; v232 = 10
    v156 = iconst.i64 7
    return v156  ; v156 = 7

block42 cold:
    v225 = iadd.i64 v5, v5
    v226 = iadd.i64 v2, v225
    v227 = iconst.i64 10
    v228 = smax.i64 v5, v227  ; v227 = 10
    v229 = iadd v226, v228
    store notrap aligned v229, v167+16
    store.i64 notrap aligned v3, v167+32
    store.i64 notrap aligned v4, v167+48
    store.i64 notrap aligned v27, v167+64
    store.i64 notrap aligned v5, v167+80
    store notrap aligned v226, v167+96
    store notrap aligned v228, v167+112
    v158 = iconst.i64 8
    return v158  ; v158 = 8

block5:
    v221 = iadd.i64 v5, v5
    v222 = iadd.i64 v2, v221
    v136 = iconst.i64 10
    v169 = smax.i64 v5, v136  ; v136 = 10
    v144 = iadd v222, v169
    v149 = iadd.i64 v3, v27
    v223 = iconst.i64 1
    v224 = isub.i64 v4, v223  ; v223 = 1
    jump block3(v144, v149, v224, v149, v167)
}
]==]
