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
    sig29 = (i64, i64, i64) -> i64, i64 system_v
    fn29 = u0:31 sig29

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
    v163 = iconst.i32 3
    v164 = icmp ne v18, v163  ; v163 = 3
    brif v164, block6, block9

block9:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v165 = iconst.i32 3
    v166 = icmp ne v23, v165  ; v165 = 3
    brif v166, block6, block10

block10:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v167 = iconst.i32 3
    v168 = icmp ne v28, v167  ; v167 = 3
    brif v168, block6, block11

block11:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v169 = iconst.i32 3
    v170 = icmp ne v33, v169  ; v169 = 3
    brif v170, block6, block12

block12:
    jump block2

block6 cold:
    v224 = iconst.i64 0
    return v224  ; v224 = 0

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
    v112 = get_stack_pointer.i64
    v113 = iconst.i64 0x7000_0000_0040
    v111 = iconst.i64 0x7000_0000_0030
    v115 = iconst.i64 16
    v121 = iconst.i64 1
    v119 = iconst.i64 -2
    jump block3(v12, v17, v22, v32, v1)

block13 cold:
    v223 = iconst.i64 1
    return v223  ; v223 = 1

block3(v2: i64, v3: i64, v4: i64, v5: i64, v152: i64):
    v171 = iadd.i64 v0, v51  ; v51 = 125
    v53 = atomic_load.i8 notrap aligned v171
    brif v53, block16, block17

block17:
    jump block4

block16 cold:
    store.i64 notrap aligned v2, v152+16
    store.i64 notrap aligned v3, v152+32
    store.i64 notrap aligned v4, v152+48
    store.i64 notrap aligned v27, v152+64
    store.i64 notrap aligned v5, v152+80
    v57 = iconst.i64 2
    return v57  ; v57 = 2

block4:
    v60 = load.i32 notrap aligned v45+4
    v172 = iconst.i32 2
    v173 = icmp ne v60, v172  ; v172 = 2
    brif v173, block18, block19

block19:
    v63 = load.i64 notrap aligned v45+32
    v64 = load.i32 notrap aligned v63-12
    v174 = iconst.i32 28
    v175 = icmp ult v64, v174  ; v174 = 28
    brif v175, block20, block21

block21:
    v176 = iconst.i64 672
    v177 = iadd.i64 v63, v176  ; v176 = 672
    v69 = load.i64 notrap aligned v177+8
    v72 = load.i8 notrap aligned v177+17
    v178 = iconst.i64 0x7000_0000_0010
    v179 = icmp ne v69, v178  ; v178 = 0x7000_0000_0010
    v180 = iconst.i8 68
    v181 = icmp ne v72, v180  ; v180 = 68
    v75 = bor v179, v181
    brif v75, block20, block22

block22:
    v76 = load.i8 notrap aligned v177+16
    v77 = load.i64 notrap aligned v177
    v182 = iconst.i8 69
    v183 = icmp ne v76, v182  ; v182 = 69
    brif v183, block20, block23

block23:
    v82 = load.i32 notrap aligned v77+4
    v184 = iconst.i32 2
    v185 = icmp ne v82, v184  ; v184 = 2
    brif v185, block24(v152), block27

block27:
    v86 = load.i64 notrap aligned v77+32
    v87 = load.i32 notrap aligned v86-12
    v186 = iconst.i32 25
    v187 = icmp ult v87, v186  ; v186 = 25
    brif v187, block28(v152), block30

block30:
    v188 = iconst.i64 600
    v189 = iadd.i64 v86, v188  ; v188 = 600
    v92 = load.i64 notrap aligned v189+8
    v95 = load.i8 notrap aligned v189+17
    v190 = iconst.i64 0x7000_0000_0020
    v191 = icmp ne v92, v190  ; v190 = 0x7000_0000_0020
    v192 = iconst.i8 68
    v193 = icmp ne v95, v192  ; v192 = 68
    v98 = bor v191, v193
    brif v98, block28(v152), block31

block31:
    jump block29(v189, v152)

block28(v154: i64) cold:
    v194 = iconst.i64 0x7000_0000_0020
    v100 = call %cranelua_find_node(v77, v194)  ; v194 = 0x7000_0000_0020
    v195 = iconst.i64 0
    v196 = icmp eq v100, v195  ; v195 = 0
    brif v196, block24(v154), block32

block32:
    jump block29(v100, v154)

block29(v85: i64, v155: i64):
    v103 = load.i8 notrap aligned v85+16
    v104 = uextend.i32 v103
    v197 = iconst.i32 0
    v198 = icmp eq v104, v197  ; v197 = 0
    brif v198, block24(v155), block33

block33:
    v107 = load.i64 notrap aligned v85
    jump block26

block26:
    jump block25(v107, v104, v155)

block24(v110: i64) cold:
    store.i64 notrap aligned v2, v110+16
    store.i64 notrap aligned v3, v110+32
    store.i64 notrap aligned v4, v110+48
    store.i64 notrap aligned v27, v110+64
    store.i64 notrap aligned v5, v110+80
    v56 = iadd.i64 v5, v5
    v59 = iadd.i64 v2, v56
    store notrap aligned v59, v110+96
    store.i64 notrap aligned v77, v110+112
    v199 = iconst.i64 0x7000_0000_0040
    v200 = iconst.i64 0x7000_0000_0030
    v114 = call %cranelua_recover(v0, v110, v112, v199, v200)  ; v199 = 0x7000_0000_0040, v200 = 0x7000_0000_0030
    v201 = iconst.i64 16
    v202 = icmp ult v114, v201  ; v201 = 16
    brif v202, block34, block35

block34 cold:
    v117 = iconst.i64 0x0001_0000_0000
    v118 = bor.i64 v114, v117  ; v117 = 0x0001_0000_0000
    return v118

block35:
    v203 = iconst.i64 1
    v204 = band.i64 v114, v203  ; v203 = 1
    brif v204, block36, block37

block37:
    v205 = iconst.i64 -2
    v206 = band.i64 v114, v205  ; v205 = -2
    v126 = load.i64 notrap aligned v206+112
    v127 = load.i32 notrap aligned v206+120
    jump block25(v126, v127, v206)

block25(v80: i64, v81: i32, v159: i64):
    v129 = iconst.i64 0x7000_0000_0050
    v130 = icmp ne v80, v129  ; v129 = 0x7000_0000_0050
    v131 = iconst.i32 38
    v132 = icmp ne v81, v131  ; v131 = 38
    v133 = bor v130, v132
    brif v133, block38, block39

block39:
    v207 = iconst.i64 0
    v208 = icmp.i64 eq v4, v207  ; v207 = 0
    brif v208, block40, block41

block41:
    jump block5

block18 cold:
    v142 = iconst.i64 3
    jump block42(v142)  ; v142 = 3

block42(v143: i64) cold:
    store.i64 notrap aligned v2, v152+16
    store.i64 notrap aligned v3, v152+32
    store.i64 notrap aligned v4, v152+48
    store.i64 notrap aligned v27, v152+64
    store.i64 notrap aligned v5, v152+80
    v221 = iadd.i64 v5, v5
    v222 = iadd.i64 v2, v221
    store notrap aligned v222, v152+96
    return v143

block20 cold:
    v145 = iconst.i64 4
    jump block42(v145)  ; v145 = 4

block36 cold:
    v146 = iconst.i64 6
    return v146  ; v146 = 6

block38 cold:
    store.i64 notrap aligned v2, v159+16
    store.i64 notrap aligned v3, v159+32
    store.i64 notrap aligned v4, v159+48
    store.i64 notrap aligned v27, v159+64
    store.i64 notrap aligned v5, v159+80
    v218 = iadd.i64 v5, v5
    v219 = iadd.i64 v2, v218
    store notrap aligned v219, v159+96
    store.i64 notrap aligned v80, v159+112
    store.i32 notrap aligned v81, v159+120
    store.i64 notrap aligned v5, v159+128
    v220 = iconst.i64 10
    store notrap aligned v220, v159+144  ; v220 = 10
    v148 = iconst.i64 7
    return v148  ; v148 = 7

block40 cold:
    v213 = iadd.i64 v5, v5
    v214 = iadd.i64 v2, v213
    v215 = iconst.i64 10
    v216 = smax.i64 v5, v215  ; v215 = 10
    v217 = iadd v214, v216
    store notrap aligned v217, v159+16
    store.i64 notrap aligned v3, v159+32
    store.i64 notrap aligned v4, v159+48
    store.i64 notrap aligned v27, v159+64
    store.i64 notrap aligned v5, v159+80
    store notrap aligned v214, v159+96
    store notrap aligned v216, v159+112
    v150 = iconst.i64 8
    return v150  ; v150 = 8

block5:
    v209 = iadd.i64 v5, v5
    v210 = iadd.i64 v2, v209
    v128 = iconst.i64 10
    v161 = smax.i64 v5, v128  ; v128 = 10
    v136 = iadd v210, v161
    v141 = iadd.i64 v3, v27
    v211 = iconst.i64 1
    v212 = isub.i64 v4, v211  ; v211 = 1
    jump block3(v136, v141, v212, v141, v159)
}
]==]
