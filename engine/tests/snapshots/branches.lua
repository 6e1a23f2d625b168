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
    jump block1(v28, v29, v35, v34, v18, v35)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v12 = load.i64 notrap aligned v1
    v13 = load.i32 notrap aligned v1+8
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block6, block7

block7:
    v17 = load.i64 notrap aligned v1+16
    v18 = load.i32 notrap aligned v1+24
    v104 = iconst.i32 3
    v105 = icmp ne v18, v104  ; v104 = 3
    brif v105, block6, block8

block8:
    v22 = load.i64 notrap aligned v1+80
    v23 = load.i32 notrap aligned v1+88
    v106 = iconst.i32 3
    v107 = icmp ne v23, v106  ; v106 = 3
    brif v107, block6, block9

block9:
    v27 = load.i64 notrap aligned v1+96
    v28 = load.i32 notrap aligned v1+104
    v108 = iconst.i32 3
    v109 = icmp ne v28, v108  ; v108 = 3
    brif v109, block6, block10

block10:
    v32 = load.i64 notrap aligned v1+112
    v33 = load.i32 notrap aligned v1+120
    v110 = iconst.i32 3
    v111 = icmp ne v33, v110  ; v110 = 3
    brif v111, block6, block11

block11:
    v37 = load.i64 notrap aligned v1+128
    v38 = load.i32 notrap aligned v1+136
    v112 = iconst.i32 3
    v113 = icmp ne v38, v112  ; v112 = 3
    brif v113, block6, block12

block12:
    v42 = load.i64 notrap aligned v1+144
    v43 = load.i32 notrap aligned v1+152
    v114 = iconst.i32 3
    v115 = icmp ne v43, v114  ; v114 = 3
    brif v115, block6, block13

block13:
    v92 = iconst.i64 63
    v99 = iconst.i64 -2
    v90 = iconst.i64 0
    v51 = iconst.i64 2
    v95 = iconst.i64 1
    jump block2(v12, v17, v27, v32, v42)

block6 cold:
    v135 = iconst.i64 0
    return v135  ; v135 = 0

block2(v3: i64, v4: i64, v5: i64, v6: i64, v8: i64):
    v47 = load.i8 notrap aligned v2
    brif v47, block14, block15

block15:
    v50 = iadd.i64 v22, v8
    v116 = iconst.i64 63
    v117 = ushr v50, v116  ; v116 = 63
    v94 = iadd v50, v117
    v118 = iconst.i64 -2
    v119 = band v94, v118  ; v118 = -2
    v54 = isub v50, v119
    v120 = iconst.i64 0
    v121 = icmp ne v54, v120  ; v120 = 0
    v122 = iconst.i64 2
    v123 = bxor v54, v122  ; v122 = 2
    v124 = icmp slt v123, v120  ; v120 = 0
    v60 = band v121, v124
    v125 = iadd v54, v122  ; v122 = 2
    v62 = select v60, v125, v54
    v126 = icmp eq v62, v120  ; v120 = 0
    brif v126, block3, block4

block14 cold:
    store.i64 notrap aligned v3, v1
    v133 = iconst.i32 3
    store notrap aligned v133, v1+8  ; v133 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v133, v1+24  ; v133 = 3
    store.i64 notrap aligned v5, v1+96
    store notrap aligned v133, v1+104  ; v133 = 3
    store.i64 notrap aligned v6, v1+112
    store notrap aligned v133, v1+120  ; v133 = 3
    store.i64 notrap aligned v37, v1+128
    store notrap aligned v133, v1+136  ; v133 = 3
    store.i64 notrap aligned v8, v1+144
    store notrap aligned v133, v1+152  ; v133 = 3
    v134 = iconst.i64 1
    return v134  ; v134 = 1

block3:
    v73 = iadd.i64 v3, v22
    jump block5(v73, v4)

block4:
    v74 = iadd.i64 v4, v8
    jump block5(v3, v74)

block5(v9: i64, v10: i64):
    v127 = iconst.i64 0
    v128 = icmp.i64 eq v6, v127  ; v127 = 0
    brif v128, block16, block17

block17:
    v79 = iadd.i64 v5, v37
    v129 = iconst.i64 1
    v130 = isub.i64 v6, v129  ; v129 = 1
    jump block2(v9, v10, v79, v130, v79)

block16 cold:
    store.i64 notrap aligned v9, v1
    v131 = iconst.i32 3
    store notrap aligned v131, v1+8  ; v131 = 3
    store.i64 notrap aligned v10, v1+16
    store notrap aligned v131, v1+24  ; v131 = 3
    store.i64 notrap aligned v5, v1+96
    store notrap aligned v131, v1+104  ; v131 = 3
    store.i64 notrap aligned v6, v1+112
    store notrap aligned v131, v1+120  ; v131 = 3
    store.i64 notrap aligned v37, v1+128
    store notrap aligned v131, v1+136  ; v131 = 3
    v132 = iconst.i64 2
    return v132  ; v132 = 2
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
    branch v22 block2(v12, v13, v19, v23, v21, v19) block7(v12, v13)
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
    branch v42 block7(v38, v39) block6()
block6():    ; pc 22
    v43: Int = sub v27 v41
    v44: Int = add v26 v28
    jump block2(v38, v39, v44, v43, v28, v44)
block7(v45: Int, v46: Int):    ; pc 23
    v47: Int = int 0
    v48: Int = int 1
    v49: Bool = eq v15 v47
    v50: None = exit_if v49 == true    -> loop_end pc 24 [r0=v45 r1=v46 r2=v14 r3=v15 r4=v16]
    v51: Int = sub v15 v48
    v52: Int = add v14 v16
    jump block1(v45, v46, v52, v51, v16, v52)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v20 = load.i64 notrap aligned v1
    v21 = load.i32 notrap aligned v1+8
    v22 = iconst.i32 3
    v23 = icmp ne v21, v22  ; v22 = 3
    brif v23, block9, block10

block10:
    v25 = load.i64 notrap aligned v1+16
    v26 = load.i32 notrap aligned v1+24
    v154 = iconst.i32 3
    v155 = icmp ne v26, v154  ; v154 = 3
    brif v155, block9, block11

block11:
    v30 = load.i64 notrap aligned v1+32
    v31 = load.i32 notrap aligned v1+40
    v156 = iconst.i32 3
    v157 = icmp ne v31, v156  ; v156 = 3
    brif v157, block9, block12

block12:
    v35 = load.i64 notrap aligned v1+48
    v36 = load.i32 notrap aligned v1+56
    v158 = iconst.i32 3
    v159 = icmp ne v36, v158  ; v158 = 3
    brif v159, block9, block13

block13:
    v40 = load.i64 notrap aligned v1+64
    v41 = load.i32 notrap aligned v1+72
    v160 = iconst.i32 3
    v161 = icmp ne v41, v160  ; v160 = 3
    brif v161, block9, block14

block14:
    v45 = load.i64 notrap aligned v1+80
    v46 = load.i32 notrap aligned v1+88
    v162 = iconst.i32 3
    v163 = icmp ne v46, v162  ; v162 = 3
    brif v163, block9, block15

block15:
    v53 = iconst.i64 1
    v138 = iconst.i64 9
    jump block2(v20, v25, v30, v35, v45)

block9 cold:
    v191 = iconst.i64 0
    return v191  ; v191 = 0

block2(v3: i64, v4: i64, v5: i64, v6: i64, v8: i64):
    v50 = load.i8 notrap aligned v2
    brif v50, block16, block17

block17:
    v164 = iconst.i64 1
    v143 = iconst.i64 63
    v149 = iconst.i64 -2
    v123 = iconst.i64 0
    v70 = iconst.i64 2
    jump block3(v3, v4, v164, v138, v164)  ; v164 = 1, v138 = 9, v164 = 1

block16 cold:
    store.i64 notrap aligned v3, v1
    v189 = iconst.i32 3
    store notrap aligned v189, v1+8  ; v189 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v189, v1+24  ; v189 = 3
    store.i64 notrap aligned v5, v1+32
    store notrap aligned v189, v1+40  ; v189 = 3
    store.i64 notrap aligned v6, v1+48
    store notrap aligned v189, v1+56  ; v189 = 3
    store.i64 notrap aligned v40, v1+64
    store notrap aligned v189, v1+72  ; v189 = 3
    store.i64 notrap aligned v8, v1+80
    store notrap aligned v189, v1+88  ; v189 = 3
    v190 = iconst.i64 1
    return v190  ; v190 = 1

block3(v9: i64, v10: i64, v11: i64, v12: i64, v14: i64):
    brif.i8 v50, block18, block19

block19:
    v69 = iadd.i64 v8, v14
    v165 = iconst.i64 63
    v166 = ushr v69, v165  ; v165 = 63
    v145 = iadd v69, v166
    v167 = iconst.i64 -2
    v168 = band v145, v167  ; v167 = -2
    v73 = isub v69, v168
    v169 = iconst.i64 0
    v170 = icmp ne v73, v169  ; v169 = 0
    v171 = iconst.i64 2
    v172 = bxor v73, v171  ; v171 = 2
    v173 = icmp slt v172, v169  ; v169 = 0
    v79 = band v170, v173
    v174 = iadd v73, v171  ; v171 = 2
    v81 = select v79, v174, v73
    v175 = icmp eq v81, v169  ; v169 = 0
    brif v175, block4, block5

block18 cold:
    store.i64 notrap aligned v9, v1
    v181 = iconst.i32 3
    store notrap aligned v181, v1+8  ; v181 = 3
    store.i64 notrap aligned v10, v1+16
    store notrap aligned v181, v1+24  ; v181 = 3
    store.i64 notrap aligned v5, v1+32
    store notrap aligned v181, v1+40  ; v181 = 3
    store.i64 notrap aligned v6, v1+48
    store notrap aligned v181, v1+56  ; v181 = 3
    store.i64 notrap aligned v40, v1+64
    store notrap aligned v181, v1+72  ; v181 = 3
    store.i64 notrap aligned v8, v1+80
    store notrap aligned v181, v1+88  ; v181 = 3
    store.i64 notrap aligned v11, v1+96
    store notrap aligned v181, v1+104  ; v181 = 3
    store.i64 notrap aligned v12, v1+112
    store notrap aligned v181, v1+120  ; v181 = 3
    v182 = iconst.i64 1
    store notrap aligned v182, v1+128  ; v182 = 1
    store notrap aligned v181, v1+136  ; v181 = 3
    store.i64 notrap aligned v14, v1+144
    store notrap aligned v181, v1+152  ; v181 = 3
    v183 = iconst.i64 2
    return v183  ; v183 = 2

block4:
    v96 = iadd.i64 v9, v8
    jump block6(v96, v10)

block5:
    v97 = iadd.i64 v10, v14
    jump block6(v9, v97)

block6(v15: i64, v16: i64):
    v176 = iconst.i64 0
    v177 = icmp.i64 eq v12, v176  ; v176 = 0
    brif v177, block8(v15, v16), block7

block7:
    v178 = iconst.i64 1
    v179 = iadd.i64 v11, v178  ; v178 = 1
    v180 = isub.i64 v12, v178  ; v178 = 1
    jump block3(v15, v16, v179, v180, v179)

block8(v17: i64, v18: i64):
    v184 = iconst.i64 0
    v185 = icmp.i64 eq v6, v184  ; v184 = 0
    brif v185, block20, block21

block21:
    v107 = iadd.i64 v5, v40
    v186 = iconst.i64 1
    v187 = isub.i64 v6, v186  ; v186 = 1
    jump block2(v17, v18, v107, v187, v107)

block20 cold:
    store.i64 notrap aligned v17, v1
    v188 = iconst.i32 3
    store notrap aligned v188, v1+8  ; v188 = 3
    store.i64 notrap aligned v18, v1+16
    store notrap aligned v188, v1+24  ; v188 = 3
    store.i64 notrap aligned v5, v1+32
    store notrap aligned v188, v1+40  ; v188 = 3
    store.i64 notrap aligned v6, v1+48
    store notrap aligned v188, v1+56  ; v188 = 3
    store.i64 notrap aligned v40, v1+64
    store notrap aligned v188, v1+72  ; v188 = 3
    v114 = iconst.i64 3
    return v114  ; v114 = 3
}
]==]
