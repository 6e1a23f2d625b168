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
    v160 = iconst.i32 3
    v161 = icmp ne v18, v160  ; v160 = 3
    brif v161, block6, block9

block9:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v162 = iconst.i32 3
    v163 = icmp ne v23, v162  ; v162 = 3
    brif v163, block6, block10

block10:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v164 = iconst.i32 3
    v165 = icmp ne v28, v164  ; v164 = 3
    brif v165, block6, block11

block11:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v166 = iconst.i32 3
    v167 = icmp ne v33, v166  ; v166 = 3
    brif v167, block6, block12

block12:
    jump block2

block6 cold:
    v212 = iconst.i64 0
    return v212  ; v212 = 0

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
    v110 = iconst.i64 0x7000_0000_0030
    jump block3(v12, v17, v22, v32)

block13 cold:
    v211 = iconst.i64 1
    return v211  ; v211 = 1

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v168 = iadd.i64 v0, v51  ; v51 = 125
    v53 = atomic_load.i8 notrap aligned v168
    brif v53, block16, block17

block17:
    jump block4

block16 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v57 = iconst.i64 2
    return v57  ; v57 = 2

block4:
    v60 = load.i32 notrap aligned v45+4
    v169 = iconst.i32 2
    v170 = icmp ne v60, v169  ; v169 = 2
    brif v170, block18, block19

block19:
    v63 = load.i64 notrap aligned v45+32
    v64 = load.i32 notrap aligned v63-12
    v171 = iconst.i32 28
    v172 = icmp ult v64, v171  ; v171 = 28
    brif v172, block20, block21

block21:
    v173 = iconst.i64 672
    v174 = iadd.i64 v63, v173  ; v173 = 672
    v69 = load.i64 notrap aligned v174+8
    v72 = load.i8 notrap aligned v174+17
    v175 = iconst.i64 0x7000_0000_0010
    v176 = icmp ne v69, v175  ; v175 = 0x7000_0000_0010
    v177 = iconst.i8 68
    v178 = icmp ne v72, v177  ; v177 = 68
    v75 = bor v176, v178
    brif v75, block20, block22

block22:
    v76 = load.i8 notrap aligned v174+16
    v77 = load.i64 notrap aligned v174
    v179 = iconst.i8 69
    v180 = icmp ne v76, v179  ; v179 = 69
    brif v180, block20, block23

block23:
    v82 = load.i32 notrap aligned v77+4
    v181 = iconst.i32 2
    v182 = icmp ne v82, v181  ; v181 = 2
    brif v182, block24, block27

block27:
    v86 = load.i64 notrap aligned v77+32
    v87 = load.i32 notrap aligned v86-12
    v183 = iconst.i32 25
    v184 = icmp ult v87, v183  ; v183 = 25
    brif v184, block28, block30

block30:
    v185 = iconst.i64 600
    v186 = iadd.i64 v86, v185  ; v185 = 600
    v92 = load.i64 notrap aligned v186+8
    v95 = load.i8 notrap aligned v186+17
    v187 = iconst.i64 0x7000_0000_0020
    v188 = icmp ne v92, v187  ; v187 = 0x7000_0000_0020
    v189 = iconst.i8 68
    v190 = icmp ne v95, v189  ; v189 = 68
    v98 = bor v188, v190
    brif v98, block28, block31

block31:
    jump block29(v186)

block28 cold:
    v191 = iconst.i64 0x7000_0000_0020
    v100 = call %cranelua_find_node(v77, v191)  ; v191 = 0x7000_0000_0020
    v192 = iconst.i64 0
    v193 = icmp eq v100, v192  ; v192 = 0
    brif v193, block24, block32

block32:
    jump block29(v100)

block29(v85: i64):
    v103 = load.i8 notrap aligned v85+16
    v104 = uextend.i32 v103
    v194 = iconst.i32 0
    v195 = icmp eq v104, v194  ; v194 = 0
    brif v195, block24, block33

block33:
    v107 = load.i64 notrap aligned v85
    jump block26

block26:
    jump block25(v107, v104)

block24 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v56 = iadd.i64 v5, v5
    v59 = iadd.i64 v2, v56
    store notrap aligned v59, v1+96
    store.i64 notrap aligned v77, v1+112
    v196 = iconst.i64 0x7000_0000_0030
    call %cranelua_recover_thunk(v0, v1, v196)  ; v196 = 0x7000_0000_0030
    v112 = load.i64 notrap aligned v0+144
    v113 = icmp ne v112, v1
    brif v113, block34, block35

block34 cold:
    v114 = iconst.i64 16
    v115 = icmp.i64 ult v112, v114  ; v114 = 16
    brif v115, block36, block37

block36 cold:
    v116 = iconst.i64 0x0001_0000_0000
    v117 = bor.i64 v112, v116  ; v116 = 0x0001_0000_0000
    return v117

block37:
    jump block38

block35:
    v123 = load.i64 notrap aligned v1+112
    v124 = load.i32 notrap aligned v1+120
    jump block25(v123, v124)

block25(v80: i64, v81: i32):
    v126 = iconst.i64 0x7000_0000_0040
    v127 = icmp ne v80, v126  ; v126 = 0x7000_0000_0040
    v128 = iconst.i32 38
    v129 = icmp ne v81, v128  ; v128 = 38
    v130 = bor v127, v129
    brif v130, block39, block40

block40:
    v197 = iconst.i64 0
    v198 = icmp.i64 eq v4, v197  ; v197 = 0
    brif v198, block41, block42

block42:
    jump block5

block18 cold:
    v139 = iconst.i64 3
    jump block43(v139)  ; v139 = 3

block43(v140: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v209 = iadd.i64 v5, v5
    v210 = iadd.i64 v2, v209
    store notrap aligned v210, v1+96
    return v140

block20 cold:
    v142 = iconst.i64 4
    jump block43(v142)  ; v142 = 4

block38 cold:
    v143 = iconst.i64 6
    return v143  ; v143 = 6

block39 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    v206 = iadd.i64 v5, v5
    v207 = iadd.i64 v2, v206
    store notrap aligned v207, v1+96
    store.i64 notrap aligned v80, v1+112
    store.i32 notrap aligned v81, v1+120
    store.i64 notrap aligned v5, v1+128
    v208 = iconst.i64 10
    store notrap aligned v208, v1+144  ; v208 = 10
    v145 = iconst.i64 7
    return v145  ; v145 = 7

block41 cold:
    v201 = iadd.i64 v5, v5
    v202 = iadd.i64 v2, v201
    v203 = iconst.i64 10
    v204 = smax.i64 v5, v203  ; v203 = 10
    v205 = iadd v202, v204
    store notrap aligned v205, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v202, v1+96
    store notrap aligned v204, v1+112
    v147 = iconst.i64 8
    return v147  ; v147 = 8

block5:
    v199 = iadd.i64 v5, v5
    v200 = iadd.i64 v2, v199
    v125 = iconst.i64 10
    v158 = smax.i64 v5, v125  ; v125 = 10
    v133 = iadd v200, v158
    v138 = iadd.i64 v3, v27
    v120 = iconst.i64 1
    v137 = isub.i64 v4, v120  ; v120 = 1
    jump block3(v133, v138, v137, v138)
}
]==]
