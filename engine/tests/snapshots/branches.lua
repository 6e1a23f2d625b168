-- HIR, optimised CLIF
-- Nested loops with branches: values that differ by the way that was taken.
local even, odd = 0, 0
for i = 1, 10 do
  for j = 1, 10 do
    if (i + j) % 2 == 0 then
      even = even + i
    else
      odd = odd + j
    end
  end
end
assert(even + odd == 550)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 11
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 11 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 11 []
    v4: Any = load r5
    v5: Int = guard v4    -> guard_type pc 11 []
    v6: Any = load r6
    v7: Int = guard v6    -> guard_type pc 11 []
    v8: Any = load r7
    v9: Int = guard v8    -> guard_type pc 11 []
    v10: Any = load r8
    v11: Int = guard v10    -> guard_type pc 11 []
    v12: Any = load r9
    v13: Int = guard v12    -> guard_type pc 11 []
    jump block1(v1, v3, v7, v9, v11, v13)
block1(v14: Int, v15: Int, v16: Int, v17: Int, v18: Int, v19: Int):    ; pc 11, loop
    v20: None = poll    -> interrupt pc 11 [r0=v14 r1=v15 r6=v16 r7=v17 r8=v18 r9=v19]
    v21: Int = add v5 v19
    v22: Int = int 2
    v23: Int = mod v21 v22    -> guard_divisor pc 13 [r0=v14 r1=v15 r6=v16 r7=v17 r8=v18 r9=v19 r10=v21]
    v24: Int = int 0
    v25: Bool = eq v23 v24
    branch v25 block2() block3()
block2():    ; pc 17
    v26: Int = add v14 v5
    jump block4(v26, v15)
block3():    ; pc 20
    v27: Int = add v15 v19
    jump block4(v14, v27)
block4(v28: Int, v29: Int):    ; pc 22
    v30: Int = int 0
    v31: Int = int 1
    v32: Bool = eq v17 v30
    v33: None = exit_if v32 == true    -> loop_end pc 23 [r0=v28 r1=v29 r6=v16 r7=v17 r8=v18]
    v34: Int = sub v17 v31
    v35: Int = add v16 v18
    jump block5()
block5():    ; pc 22
    jump block1(v28, v29, v35, v34, v18, v35)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v11 = load.i64 notrap aligned v1
    v12 = load.i32 notrap aligned v1+8
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block7, block8

block8:
    v16 = load.i64 notrap aligned v1+16
    v17 = load.i32 notrap aligned v1+24
    v103 = iconst.i32 3
    v104 = icmp ne v17, v103  ; v103 = 3
    brif v104, block7, block9

block9:
    v21 = load.i64 notrap aligned v1+80
    v22 = load.i32 notrap aligned v1+88
    v105 = iconst.i32 3
    v106 = icmp ne v22, v105  ; v105 = 3
    brif v106, block7, block10

block10:
    v26 = load.i64 notrap aligned v1+96
    v27 = load.i32 notrap aligned v1+104
    v107 = iconst.i32 3
    v108 = icmp ne v27, v107  ; v107 = 3
    brif v108, block7, block11

block11:
    v31 = load.i64 notrap aligned v1+112
    v32 = load.i32 notrap aligned v1+120
    v109 = iconst.i32 3
    v110 = icmp ne v32, v109  ; v109 = 3
    brif v110, block7, block12

block12:
    v36 = load.i64 notrap aligned v1+128
    v37 = load.i32 notrap aligned v1+136
    v111 = iconst.i32 3
    v112 = icmp ne v37, v111  ; v111 = 3
    brif v112, block7, block13

block13:
    v41 = load.i64 notrap aligned v1+144
    v42 = load.i32 notrap aligned v1+152
    v113 = iconst.i32 3
    v114 = icmp ne v42, v113  ; v113 = 3
    brif v114, block7, block14

block14:
    v91 = iconst.i64 63
    v98 = iconst.i64 -2
    v89 = iconst.i64 0
    v50 = iconst.i64 2
    v94 = iconst.i64 1
    jump block2(v11, v16, v26, v31, v41)

block7 cold:
    v134 = iconst.i64 0
    return v134  ; v134 = 0

block2(v2: i64, v3: i64, v4: i64, v5: i64, v7: i64):
    v46 = load.i8 notrap aligned v0+125
    brif v46, block15, block16

block16:
    v49 = iadd.i64 v21, v7
    v115 = iconst.i64 63
    v116 = ushr v49, v115  ; v115 = 63
    v93 = iadd v49, v116
    v117 = iconst.i64 -2
    v118 = band v93, v117  ; v117 = -2
    v53 = isub v49, v118
    v119 = iconst.i64 0
    v120 = icmp ne v53, v119  ; v119 = 0
    v121 = iconst.i64 2
    v122 = bxor v53, v121  ; v121 = 2
    v123 = icmp slt v122, v119  ; v119 = 0
    v59 = band v120, v123
    v124 = iadd v53, v121  ; v121 = 2
    v61 = select v59, v124, v53
    v125 = icmp eq v61, v119  ; v119 = 0
    brif v125, block3, block4

block15 cold:
    store.i64 notrap aligned v2, v1
    v132 = iconst.i32 3
    store notrap aligned v132, v1+8  ; v132 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v132, v1+24  ; v132 = 3
    store.i64 notrap aligned v4, v1+96
    store notrap aligned v132, v1+104  ; v132 = 3
    store.i64 notrap aligned v5, v1+112
    store notrap aligned v132, v1+120  ; v132 = 3
    store.i64 notrap aligned v36, v1+128
    store notrap aligned v132, v1+136  ; v132 = 3
    store.i64 notrap aligned v7, v1+144
    store notrap aligned v132, v1+152  ; v132 = 3
    v133 = iconst.i64 1
    return v133  ; v133 = 1

block3:
    v72 = iadd.i64 v2, v21
    jump block5(v72, v3)

block4:
    v73 = iadd.i64 v3, v7
    jump block5(v2, v73)

block5(v8: i64, v9: i64):
    v126 = iconst.i64 0
    v127 = icmp.i64 eq v5, v126  ; v126 = 0
    brif v127, block17, block18

block18:
    jump block6

block17 cold:
    store.i64 notrap aligned v8, v1
    v130 = iconst.i32 3
    store notrap aligned v130, v1+8  ; v130 = 3
    store.i64 notrap aligned v9, v1+16
    store notrap aligned v130, v1+24  ; v130 = 3
    store.i64 notrap aligned v4, v1+96
    store notrap aligned v130, v1+104  ; v130 = 3
    store.i64 notrap aligned v5, v1+112
    store notrap aligned v130, v1+120  ; v130 = 3
    store.i64 notrap aligned v36, v1+128
    store notrap aligned v130, v1+136  ; v130 = 3
    v131 = iconst.i64 2
    return v131  ; v131 = 2

block6:
    v78 = iadd.i64 v4, v36
    v128 = iconst.i64 1
    v129 = isub.i64 v5, v128  ; v128 = 1
    jump block2(v8, v9, v78, v129, v78)
}
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 7 []
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
    jump block1(v1, v3, v5, v7, v9, v11)
block1(v12: Int, v13: Int, v14: Int, v15: Int, v16: Int, v17: Int):    ; pc 7, loop
    v18: None = poll    -> interrupt pc 7 [r0=v12 r1=v13 r2=v14 r3=v15 r4=v16 r5=v17]
    v19: Int = int 1
    v20: Int = int 10
    v21: Int = int 1
    v22: Bool = le v19 v20
    v23: Int = sub v20 v19
    branch v22 block2(v12, v13, v19, v23, v21, v19) block8(v12, v13)
block2(v24: Int, v25: Int, v26: Int, v27: Int, v28: Int, v29: Int):    ; pc 11, loop
    v30: None = poll    -> interrupt pc 11 [r0=v24 r1=v25 r2=v14 r3=v15 r4=v16 r5=v17 r6=v26 r7=v27 r8=v28 r9=v29]
    v31: Int = add v17 v29
    v32: Int = int 2
    v33: Int = mod v31 v32    -> guard_divisor pc 13 [r0=v24 r1=v25 r2=v14 r3=v15 r4=v16 r5=v17 r6=v26 r7=v27 r8=v28 r9=v29 r10=v31]
    v34: Int = int 0
    v35: Bool = eq v33 v34
    branch v35 block3() block4()
block3():    ; pc 17
    v36: Int = add v24 v17
    jump block5(v36, v25)
block4():    ; pc 20
    v37: Int = add v25 v29
    jump block5(v24, v37)
block5(v38: Int, v39: Int):    ; pc 22
    v40: Int = int 0
    v41: Int = int 1
    v42: Bool = eq v27 v40
    branch v42 block8(v38, v39) block6()
block6():    ; pc 22
    v43: Int = sub v27 v41
    v44: Int = add v26 v28
    jump block7()
block7():    ; pc 22
    jump block2(v38, v39, v44, v43, v28, v44)
block8(v45: Int, v46: Int):    ; pc 23
    v47: Int = int 0
    v48: Int = int 1
    v49: Bool = eq v15 v47
    v50: None = exit_if v49 == true    -> loop_end pc 24 [r0=v45 r1=v46 r2=v14 r3=v15 r4=v16]
    v51: Int = sub v15 v48
    v52: Int = add v14 v16
    jump block9()
block9():    ; pc 23
    jump block1(v45, v46, v52, v51, v16, v52)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v19 = load.i64 notrap aligned v1
    v20 = load.i32 notrap aligned v1+8
    v21 = iconst.i32 3
    v22 = icmp ne v20, v21  ; v21 = 3
    brif v22, block11, block12

block12:
    v24 = load.i64 notrap aligned v1+16
    v25 = load.i32 notrap aligned v1+24
    v153 = iconst.i32 3
    v154 = icmp ne v25, v153  ; v153 = 3
    brif v154, block11, block13

block13:
    v29 = load.i64 notrap aligned v1+32
    v30 = load.i32 notrap aligned v1+40
    v155 = iconst.i32 3
    v156 = icmp ne v30, v155  ; v155 = 3
    brif v156, block11, block14

block14:
    v34 = load.i64 notrap aligned v1+48
    v35 = load.i32 notrap aligned v1+56
    v157 = iconst.i32 3
    v158 = icmp ne v35, v157  ; v157 = 3
    brif v158, block11, block15

block15:
    v39 = load.i64 notrap aligned v1+64
    v40 = load.i32 notrap aligned v1+72
    v159 = iconst.i32 3
    v160 = icmp ne v40, v159  ; v159 = 3
    brif v160, block11, block16

block16:
    v44 = load.i64 notrap aligned v1+80
    v45 = load.i32 notrap aligned v1+88
    v161 = iconst.i32 3
    v162 = icmp ne v45, v161  ; v161 = 3
    brif v162, block11, block17

block17:
    v52 = iconst.i64 1
    v137 = iconst.i64 9
    jump block2(v19, v24, v29, v34, v44)

block11 cold:
    v190 = iconst.i64 0
    return v190  ; v190 = 0

block2(v2: i64, v3: i64, v4: i64, v5: i64, v7: i64):
    v49 = load.i8 notrap aligned v0+125
    brif v49, block18, block19

block19:
    v163 = iconst.i64 1
    v142 = iconst.i64 63
    v148 = iconst.i64 -2
    v122 = iconst.i64 0
    v69 = iconst.i64 2
    jump block3(v2, v3, v163, v137, v163)  ; v163 = 1, v137 = 9, v163 = 1

block18 cold:
    store.i64 notrap aligned v2, v1
    v188 = iconst.i32 3
    store notrap aligned v188, v1+8  ; v188 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v188, v1+24  ; v188 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v188, v1+40  ; v188 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v188, v1+56  ; v188 = 3
    store.i64 notrap aligned v39, v1+64
    store notrap aligned v188, v1+72  ; v188 = 3
    store.i64 notrap aligned v7, v1+80
    store notrap aligned v188, v1+88  ; v188 = 3
    v189 = iconst.i64 1
    return v189  ; v189 = 1

block3(v8: i64, v9: i64, v10: i64, v11: i64, v13: i64):
    brif.i8 v49, block20, block21

block21:
    v68 = iadd.i64 v7, v13
    v164 = iconst.i64 63
    v165 = ushr v68, v164  ; v164 = 63
    v144 = iadd v68, v165
    v166 = iconst.i64 -2
    v167 = band v144, v166  ; v166 = -2
    v72 = isub v68, v167
    v168 = iconst.i64 0
    v169 = icmp ne v72, v168  ; v168 = 0
    v170 = iconst.i64 2
    v171 = bxor v72, v170  ; v170 = 2
    v172 = icmp slt v171, v168  ; v168 = 0
    v78 = band v169, v172
    v173 = iadd v72, v170  ; v170 = 2
    v80 = select v78, v173, v72
    v174 = icmp eq v80, v168  ; v168 = 0
    brif v174, block4, block5

block20 cold:
    store.i64 notrap aligned v8, v1
    v180 = iconst.i32 3
    store notrap aligned v180, v1+8  ; v180 = 3
    store.i64 notrap aligned v9, v1+16
    store notrap aligned v180, v1+24  ; v180 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v180, v1+40  ; v180 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v180, v1+56  ; v180 = 3
    store.i64 notrap aligned v39, v1+64
    store notrap aligned v180, v1+72  ; v180 = 3
    store.i64 notrap aligned v7, v1+80
    store notrap aligned v180, v1+88  ; v180 = 3
    store.i64 notrap aligned v10, v1+96
    store notrap aligned v180, v1+104  ; v180 = 3
    store.i64 notrap aligned v11, v1+112
    store notrap aligned v180, v1+120  ; v180 = 3
    v181 = iconst.i64 1
    store notrap aligned v181, v1+128  ; v181 = 1
    store notrap aligned v180, v1+136  ; v180 = 3
    store.i64 notrap aligned v13, v1+144
    store notrap aligned v180, v1+152  ; v180 = 3
    v182 = iconst.i64 2
    return v182  ; v182 = 2

block4:
    v95 = iadd.i64 v8, v7
    jump block6(v95, v9)

block5:
    v96 = iadd.i64 v9, v13
    jump block6(v8, v96)

block6(v14: i64, v15: i64):
    v175 = iconst.i64 0
    v176 = icmp.i64 eq v11, v175  ; v175 = 0
    brif v176, block9(v14, v15), block7

block7:
    jump block8

block8:
    v177 = iconst.i64 1
    v178 = iadd.i64 v10, v177  ; v177 = 1
    v179 = isub.i64 v11, v177  ; v177 = 1
    jump block3(v14, v15, v178, v179, v178)

block9(v16: i64, v17: i64):
    v183 = iconst.i64 0
    v184 = icmp.i64 eq v5, v183  ; v183 = 0
    brif v184, block22, block23

block23:
    jump block10

block22 cold:
    store.i64 notrap aligned v16, v1
    v187 = iconst.i32 3
    store notrap aligned v187, v1+8  ; v187 = 3
    store.i64 notrap aligned v17, v1+16
    store notrap aligned v187, v1+24  ; v187 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v187, v1+40  ; v187 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v187, v1+56  ; v187 = 3
    store.i64 notrap aligned v39, v1+64
    store notrap aligned v187, v1+72  ; v187 = 3
    v113 = iconst.i64 3
    return v113  ; v113 = 3

block10:
    v106 = iadd.i64 v4, v39
    v185 = iconst.i64 1
    v186 = isub.i64 v5, v185  ; v185 = 1
    jump block2(v16, v17, v106, v186, v106)
}
]==]
