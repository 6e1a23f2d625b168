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
    sig41 = (i64, i64, i64) -> i64, i64 system_v
    fn41 = u0:44 sig41

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
    v1: LuaFn = guard v0    -> guard_type pc 7 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 [] as guard_block
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 [] as guard_control
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 [] as guard_control
    v10: Any = load r5
    v11: Int = guard v10    -> guard_type pc 7 [] as guard_control
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
    v164 = iconst.i32 3
    v165 = icmp ne v18, v164  ; v164 = 3
    brif v165, block9, block10

block10:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v166 = iconst.i32 3
    v167 = icmp ne v23, v166  ; v166 = 3
    brif v167, block9, block11

block11:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v168 = iconst.i32 3
    v169 = icmp ne v28, v168  ; v168 = 3
    brif v169, block9, block12

block12:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v170 = iconst.i32 3
    v171 = icmp ne v33, v170  ; v170 = 3
    brif v171, block9, block13

block13:
    jump block2

block6 cold:
    v216 = iconst.i64 0
    jump block14(v216)  ; v216 = 0

block14(v37: i64) cold:
    return v37

block9 cold:
    v215 = iconst.i64 1
    jump block14(v215)  ; v215 = 1

block2:
    v40 = load.i64 notrap aligned v7+8
    v41 = iconst.i64 0x7000_0000_0000
    v42 = icmp ne v40, v41  ; v41 = 0x7000_0000_0000
    brif v42, block15, block16

block16:
    v44 = load.i64 notrap aligned v1-16
    v45 = load.i64 notrap aligned v44+16
    v46 = load.i64 notrap aligned v45+8
    v47 = load.i64 notrap aligned v46
    v48 = load.i32 notrap aligned v46+8
    v49 = iconst.i32 69
    v50 = icmp ne v48, v49  ; v49 = 69
    brif v50, block15, block17

block17:
    v53 = iconst.i64 125
    v54 = iadd.i64 v0, v53  ; v53 = 125
    v63 = iconst.i32 2
    v67 = iconst.i32 28
    v69 = iconst.i64 672
    v72 = iconst.i64 0x7000_0000_0010
    v75 = iconst.i8 68
    v80 = iconst.i8 69
    v90 = iconst.i32 25
    v92 = iconst.i64 600
    v95 = iconst.i64 0x7000_0000_0020
    v103 = iconst.i64 0
    v107 = iconst.i32 0
    v112 = iconst.i64 0x7000_0000_0030
    jump block3(v12, v17, v22, v32)

block15 cold:
    v51 = iconst.i64 2
    return v51  ; v51 = 2

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v172 = iadd.i64 v0, v53  ; v53 = 125
    v55 = atomic_load.i8 notrap aligned v172
    brif v55, block18, block19

block19:
    jump block4

block18 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v59 = iconst.i64 3
    return v59  ; v59 = 3

block4:
    v62 = load.i32 notrap aligned v47+4
    v173 = iconst.i32 2
    v174 = icmp ne v62, v173  ; v173 = 2
    brif v174, block20, block21

block21:
    v65 = load.i64 notrap aligned v47+32
    v66 = load.i32 notrap aligned v65-12
    v175 = iconst.i32 28
    v176 = icmp ult v66, v175  ; v175 = 28
    brif v176, block22, block23

block23:
    v177 = iconst.i64 672
    v178 = iadd.i64 v65, v177  ; v177 = 672
    v71 = load.i64 notrap aligned v178+8
    v74 = load.i8 notrap aligned v178+17
    v179 = iconst.i64 0x7000_0000_0010
    v180 = icmp ne v71, v179  ; v179 = 0x7000_0000_0010
    v181 = iconst.i8 68
    v182 = icmp ne v74, v181  ; v181 = 68
    v77 = bor v180, v182
    brif v77, block22, block24

block24:
    v78 = load.i8 notrap aligned v178+16
    v79 = load.i64 notrap aligned v178
    v183 = iconst.i8 69
    v184 = icmp ne v78, v183  ; v183 = 69
    brif v184, block22, block25

block25:
    v84 = load.i32 notrap aligned v79+4
    v185 = iconst.i32 2
    v186 = icmp ne v84, v185  ; v185 = 2
    brif v186, block26, block29

block29:
    v88 = load.i64 notrap aligned v79+32
    v89 = load.i32 notrap aligned v88-12
    v187 = iconst.i32 25
    v188 = icmp ult v89, v187  ; v187 = 25
    brif v188, block30, block32

block32:
    v189 = iconst.i64 600
    v190 = iadd.i64 v88, v189  ; v189 = 600
    v94 = load.i64 notrap aligned v190+8
    v97 = load.i8 notrap aligned v190+17
    v191 = iconst.i64 0x7000_0000_0020
    v192 = icmp ne v94, v191  ; v191 = 0x7000_0000_0020
    v193 = iconst.i8 68
    v194 = icmp ne v97, v193  ; v193 = 68
    v100 = bor v192, v194
    brif v100, block30, block33

block33:
    jump block31(v190)

block30 cold:
    v195 = iconst.i64 0x7000_0000_0020
    v102 = call %cranelua_find_node(v79, v195)  ; v195 = 0x7000_0000_0020
    v196 = iconst.i64 0
    v197 = icmp eq v102, v196  ; v196 = 0
    brif v197, block26, block34

block34:
    jump block31(v102)

block31(v87: i64):
    v105 = load.i8 notrap aligned v87+16
    v106 = uextend.i32 v105
    v198 = iconst.i32 0
    v199 = icmp eq v106, v198  ; v198 = 0
    brif v199, block26, block35

block35:
    v109 = load.i64 notrap aligned v87
    jump block28

block28:
    jump block27(v109, v106)

block26 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v58 = iadd.i64 v5, v5
    v61 = iadd.i64 v2, v58
    store notrap aligned v61, v1+96
    store.i64 notrap aligned v79, v1+112
    v200 = iconst.i64 0x7000_0000_0030
    call %cranelua_recover_thunk(v0, v1, v200)  ; v200 = 0x7000_0000_0030
    v114 = load.i64 notrap aligned v0+144
    v115 = icmp ne v114, v1
    brif v115, block36, block37

block36 cold:
    v116 = iconst.i64 16
    v117 = icmp.i64 ult v114, v116  ; v116 = 16
    brif v117, block38, block39

block38 cold:
    v118 = iconst.i64 0x0001_0000_0000
    v119 = bor.i64 v114, v118  ; v118 = 0x0001_0000_0000
    return v119

block39:
    jump block40

block37:
    v125 = load.i64 notrap aligned v1+112
    v126 = load.i32 notrap aligned v1+120
    jump block27(v125, v126)

block27(v82: i64, v83: i32):
    v128 = iconst.i64 0x7000_0000_0040
    v129 = icmp ne v82, v128  ; v128 = 0x7000_0000_0040
    v130 = iconst.i32 38
    v131 = icmp ne v83, v130  ; v130 = 38
    v132 = bor v129, v131
    brif v132, block41, block42

block42:
    v201 = iconst.i64 0
    v202 = icmp.i64 eq v4, v201  ; v201 = 0
    brif v202, block43, block44

block44:
    jump block5

block20 cold:
    v141 = iconst.i64 4
    jump block45(v141)  ; v141 = 4

block45(v142: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v213 = iadd.i64 v5, v5
    v214 = iadd.i64 v2, v213
    store notrap aligned v214, v1+96
    return v142

block22 cold:
    v144 = iconst.i64 5
    jump block45(v144)  ; v144 = 5

block40 cold:
    v145 = iconst.i64 7
    return v145  ; v145 = 7

block41 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v210 = iadd.i64 v5, v5
    v211 = iadd.i64 v2, v210
    store notrap aligned v211, v1+96
    store.i64 notrap aligned v82, v1+112
    store.i32 notrap aligned v83, v1+120
    store.i64 notrap aligned v5, v1+128
    v212 = iconst.i64 10
    store notrap aligned v212, v1+144  ; v212 = 10
    v147 = iconst.i64 8
    return v147  ; v147 = 8

block43 cold:
    v205 = iadd.i64 v5, v5
    v206 = iadd.i64 v2, v205
    v207 = iconst.i64 10
    v208 = smax.i64 v5, v207  ; v207 = 10
    v209 = iadd v206, v208
    store notrap aligned v209, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v206, v1+96
    store notrap aligned v208, v1+112
    v149 = iconst.i64 9
    return v149  ; v149 = 9

block5:
    v203 = iadd.i64 v5, v5
    v204 = iadd.i64 v2, v203
    v127 = iconst.i64 10
    v162 = smax.i64 v5, v127  ; v127 = 10
    v135 = iadd v204, v162
    v140 = iadd.i64 v3, v27
    v122 = iconst.i64 1
    v139 = isub.i64 v4, v122  ; v122 = 1
    jump block3(v135, v140, v139, v140)
}
]==]
