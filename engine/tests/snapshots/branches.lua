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
    v1: Int = guard v0    -> guard_type pc 11 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 11 [] as guard_block
    v4: Any = load r5
    v5: Int = guard v4    -> guard_type pc 11 [] as guard_block
    v6: Any = load r6
    v7: Int = guard v6    -> guard_type pc 11 [] as guard_control
    v8: Any = load r7
    v9: Int = guard v8    -> guard_type pc 11 [] as guard_control
    v10: Any = load r8
    v11: Int = guard v10    -> guard_type pc 11 [] as guard_control
    v12: Any = load r9
    v13: Int = guard v12    -> guard_type pc 11 [] as guard_control
    jump block1()
block1():    ; pc 11
    jump block2(v1, v3, v7, v9, v13)
block2(v14: Int, v15: Int, v16: Int, v17: Int, v19: Int):    ; pc 11, loop
    v20: None = poll    -> interrupt pc 11 [r0=v14 r1=v15 r6=v16 r7=v17 r8=v11 r9=v19]
    v21: Int = add v5 v19
    v22: Int = int 2
    v23: Int = mod v21 v22    -> guard_divisor pc 13 [r0=v14 r1=v15 r6=v16 r7=v17 r8=v11 r9=v19 r10=v21]
    v24: Int = int 0
    v25: Bool = eq v23 v24
    branch v25 block3() block4()
block3():    ; pc 17
    v26: Int = add v14 v5
    jump block5(v26, v15)
block4():    ; pc 20
    v27: Int = add v15 v19
    jump block5(v14, v27)
block5(v28: Int, v29: Int):    ; pc 22
    v30: Int = int 0
    v31: Int = int 1
    v32: Bool = eq v17 v30
    v33: None = exit_if v32 == true    -> loop_end pc 23 [r0=v28 r1=v29 r6=v16 r7=v17 r8=v11]
    v34: Int = sub v17 v31
    v35: Int = add v16 v11
    jump block6()
block6():    ; pc 22
    jump block2(v28, v29, v35, v34, v35)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v10 = load.i64 notrap aligned v1
    v11 = load.i32 notrap aligned v1+8
    v12 = iconst.i32 3
    v13 = icmp ne v11, v12  ; v12 = 3
    brif v13, block8, block9

block9:
    v15 = load.i64 notrap aligned v1+16
    v16 = load.i32 notrap aligned v1+24
    v98 = iconst.i32 3
    v99 = icmp ne v16, v98  ; v98 = 3
    brif v99, block8, block10

block10:
    v20 = load.i64 notrap aligned v1+80
    v21 = load.i32 notrap aligned v1+88
    v100 = iconst.i32 3
    v101 = icmp ne v21, v100  ; v100 = 3
    brif v101, block8, block11

block11:
    v25 = load.i64 notrap aligned v1+96
    v26 = load.i32 notrap aligned v1+104
    v102 = iconst.i32 3
    v103 = icmp ne v26, v102  ; v102 = 3
    brif v103, block12, block13

block13:
    v30 = load.i64 notrap aligned v1+112
    v31 = load.i32 notrap aligned v1+120
    v104 = iconst.i32 3
    v105 = icmp ne v31, v104  ; v104 = 3
    brif v105, block12, block14

block14:
    v35 = load.i64 notrap aligned v1+128
    v36 = load.i32 notrap aligned v1+136
    v106 = iconst.i32 3
    v107 = icmp ne v36, v106  ; v106 = 3
    brif v107, block12, block15

block15:
    v40 = load.i64 notrap aligned v1+144
    v41 = load.i32 notrap aligned v1+152
    v108 = iconst.i32 3
    v109 = icmp ne v41, v108  ; v108 = 3
    brif v109, block12, block16

block16:
    jump block2

block8 cold:
    v128 = iconst.i64 0
    jump block17(v128)  ; v128 = 0

block17(v45: i64) cold:
    return v45

block12 cold:
    v127 = iconst.i64 1
    jump block17(v127)  ; v127 = 1

block2:
    v48 = iconst.i64 125
    v49 = iadd.i64 v0, v48  ; v48 = 125
    v86 = iconst.i64 63
    v93 = iconst.i64 -2
    v84 = iconst.i64 0
    v54 = iconst.i64 2
    v89 = iconst.i64 1
    jump block3(v10, v15, v25, v30, v40)

block3(v2: i64, v3: i64, v4: i64, v5: i64, v6: i64):
    v110 = iadd.i64 v0, v48  ; v48 = 125
    v50 = atomic_load.i8 notrap aligned v110
    brif v50, block18, block19

block19:
    v53 = iadd.i64 v20, v6
    v111 = iconst.i64 63
    v112 = ushr v53, v111  ; v111 = 63
    v88 = iadd v53, v112
    v113 = iconst.i64 -2
    v114 = band v88, v113  ; v113 = -2
    v57 = isub v53, v114
    v115 = iconst.i64 0
    v116 = icmp ne v57, v115  ; v115 = 0
    v117 = iconst.i64 2
    v118 = bxor v57, v117  ; v117 = 2
    v119 = icmp slt v118, v115  ; v115 = 0
    v63 = band v116, v119
    v120 = iadd v57, v117  ; v117 = 2
    v65 = select v63, v120, v57
    v121 = icmp eq v65, v115  ; v115 = 0
    brif v121, block4, block5

block18 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+96
    store.i64 notrap aligned v5, v1+112
    store.i64 notrap aligned v35, v1+128
    store.i64 notrap aligned v6, v1+144
    v126 = iconst.i64 2
    return v126  ; v126 = 2

block4:
    v70 = iadd.i64 v2, v20
    jump block6(v70, v3)

block5:
    v71 = iadd.i64 v3, v6
    jump block6(v2, v71)

block6(v7: i64, v8: i64):
    v122 = iconst.i64 0
    v123 = icmp.i64 eq v5, v122  ; v122 = 0
    brif v123, block20, block21

block21:
    jump block7

block20 cold:
    store.i64 notrap aligned v7, v1
    store.i64 notrap aligned v8, v1+16
    store.i64 notrap aligned v4, v1+96
    store.i64 notrap aligned v5, v1+112
    store.i64 notrap aligned v35, v1+128
    v77 = iconst.i64 3
    return v77  ; v77 = 3

block7:
    v76 = iadd.i64 v4, v35
    v124 = iconst.i64 1
    v125 = isub.i64 v5, v124  ; v124 = 1
    jump block3(v7, v8, v76, v125, v76)
}
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 7 [] as guard_block
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
    jump block2(v1, v3, v5, v7, v11)
block2(v12: Int, v13: Int, v14: Int, v15: Int, v17: Int):    ; pc 7, loop
    v18: None = poll    -> interrupt pc 7 [r0=v12 r1=v13 r2=v14 r3=v15 r4=v9 r5=v17]
    v19: Int = int 1
    v20: Int = int 10
    v21: Int = int 1
    v22: Bool = le v19 v20
    v23: Int = sub v20 v19
    branch v22 block3() block10(v12, v13)
block3():    ; pc 11
    jump block4(v12, v13, v19, v23)
block4(v24: Int, v25: Int, v26: Int, v27: Int):    ; pc 11, loop
    v30: None = poll    -> interrupt pc 11 [r0=v24 r1=v25 r2=v14 r3=v15 r4=v9 r5=v17 r6=v26 r7=v27 r8=v21 r9=v26]
    v31: Int = add v17 v26
    v32: Int = int 2
    v33: Int = mod v31 v32    -> guard_divisor pc 13 [r0=v24 r1=v25 r2=v14 r3=v15 r4=v9 r5=v17 r6=v26 r7=v27 r8=v21 r9=v26 r10=v31]
    v34: Int = int 0
    v35: Bool = eq v33 v34
    branch v35 block5() block6()
block5():    ; pc 17
    v36: Int = add v24 v17
    jump block7(v36, v25)
block6():    ; pc 20
    v37: Int = add v25 v26
    jump block7(v24, v37)
block7(v38: Int, v39: Int):    ; pc 22
    v40: Int = int 0
    v41: Int = int 1
    v42: Bool = eq v27 v40
    branch v42 block10(v38, v39) block8()
block8():    ; pc 22
    v43: Int = sub v27 v41
    v44: Int = add v26 v21
    jump block9()
block9():    ; pc 22
    jump block4(v38, v39, v44, v43)
block10(v45: Int, v46: Int):    ; pc 23
    v47: Int = int 0
    v48: Int = int 1
    v49: Bool = eq v15 v47
    v50: None = exit_if v49 == true    -> loop_end pc 24 [r0=v45 r1=v46 r2=v14 r3=v15 r4=v9]
    v51: Int = sub v15 v48
    v52: Int = add v14 v9
    jump block11()
block11():    ; pc 23
    jump block2(v45, v46, v52, v51, v52)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v16 = load.i64 notrap aligned v1
    v17 = load.i32 notrap aligned v1+8
    v18 = iconst.i32 3
    v19 = icmp ne v17, v18  ; v18 = 3
    brif v19, block13, block14

block14:
    v21 = load.i64 notrap aligned v1+16
    v22 = load.i32 notrap aligned v1+24
    v138 = iconst.i32 3
    v139 = icmp ne v22, v138  ; v138 = 3
    brif v139, block13, block15

block15:
    v26 = load.i64 notrap aligned v1+32
    v27 = load.i32 notrap aligned v1+40
    v140 = iconst.i32 3
    v141 = icmp ne v27, v140  ; v140 = 3
    brif v141, block16, block17

block17:
    v31 = load.i64 notrap aligned v1+48
    v32 = load.i32 notrap aligned v1+56
    v142 = iconst.i32 3
    v143 = icmp ne v32, v142  ; v142 = 3
    brif v143, block16, block18

block18:
    v36 = load.i64 notrap aligned v1+64
    v37 = load.i32 notrap aligned v1+72
    v144 = iconst.i32 3
    v145 = icmp ne v37, v144  ; v144 = 3
    brif v145, block16, block19

block19:
    v41 = load.i64 notrap aligned v1+80
    v42 = load.i32 notrap aligned v1+88
    v146 = iconst.i32 3
    v147 = icmp ne v42, v146  ; v146 = 3
    brif v147, block16, block20

block20:
    jump block2

block13 cold:
    v173 = iconst.i64 0
    jump block21(v173)  ; v173 = 0

block21(v46: i64) cold:
    return v46

block16 cold:
    v172 = iconst.i64 1
    jump block21(v172)  ; v172 = 1

block2:
    v49 = iconst.i64 125
    v50 = iadd.i64 v0, v49  ; v49 = 125
    v54 = iconst.i64 1
    v122 = iconst.i64 9
    jump block3(v16, v21, v26, v31, v41)

block3(v2: i64, v3: i64, v4: i64, v5: i64, v6: i64):
    v148 = iadd.i64 v0, v49  ; v49 = 125
    v51 = atomic_load.i8 notrap aligned v148
    brif v51, block22, block23

block23:
    jump block4

block22 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v5, v1+48
    store.i64 notrap aligned v36, v1+64
    store.i64 notrap aligned v6, v1+80
    v171 = iconst.i64 2
    return v171  ; v171 = 2

block4:
    v149 = iconst.i64 1
    v127 = iconst.i64 63
    v133 = iconst.i64 -2
    v107 = iconst.i64 0
    v67 = iconst.i64 2
    jump block5(v2, v3, v149, v122)  ; v149 = 1, v122 = 9

block5(v7: i64, v8: i64, v9: i64, v10: i64):
    v150 = iadd.i64 v0, v49  ; v49 = 125
    v63 = atomic_load.i8 notrap aligned v150
    brif v63, block24, block25

block25:
    v66 = iadd.i64 v6, v9
    v151 = iconst.i64 63
    v152 = ushr v66, v151  ; v151 = 63
    v129 = iadd v66, v152
    v153 = iconst.i64 -2
    v154 = band v129, v153  ; v153 = -2
    v70 = isub v66, v154
    v155 = iconst.i64 0
    v156 = icmp ne v70, v155  ; v155 = 0
    v157 = iconst.i64 2
    v158 = bxor v70, v157  ; v157 = 2
    v159 = icmp slt v158, v155  ; v155 = 0
    v76 = band v156, v159
    v160 = iadd v70, v157  ; v157 = 2
    v78 = select v76, v160, v70
    v161 = icmp eq v78, v155  ; v155 = 0
    brif v161, block6, block7

block24 cold:
    store.i64 notrap aligned v7, v1
    store.i64 notrap aligned v8, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v5, v1+48
    store.i64 notrap aligned v36, v1+64
    store.i64 notrap aligned v6, v1+80
    store.i64 notrap aligned v9, v1+96
    store.i64 notrap aligned v10, v1+112
    v167 = iconst.i64 1
    store notrap aligned v167, v1+128  ; v167 = 1
    store.i64 notrap aligned v9, v1+144
    v81 = iconst.i64 3
    return v81  ; v81 = 3

block6:
    v83 = iadd.i64 v7, v6
    jump block8(v83, v8)

block7:
    v84 = iadd.i64 v8, v9
    jump block8(v7, v84)

block8(v11: i64, v12: i64):
    v162 = iconst.i64 0
    v163 = icmp.i64 eq v10, v162  ; v162 = 0
    brif v163, block11(v11, v12), block9

block9:
    jump block10

block10:
    v164 = iconst.i64 1
    v165 = iadd.i64 v9, v164  ; v164 = 1
    v166 = isub.i64 v10, v164  ; v164 = 1
    jump block5(v11, v12, v165, v166)

block11(v13: i64, v14: i64):
    v168 = iconst.i64 0
    v92 = icmp.i64 eq v5, v168  ; v168 = 0
    brif v92, block26, block27

block27:
    jump block12

block26 cold:
    store.i64 notrap aligned v13, v1
    store.i64 notrap aligned v14, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v5, v1+48
    store.i64 notrap aligned v36, v1+64
    v95 = iconst.i64 4
    return v95  ; v95 = 4

block12:
    v94 = iadd.i64 v4, v36
    v169 = iconst.i64 1
    v170 = isub.i64 v5, v169  ; v169 = 1
    jump block3(v13, v14, v94, v170, v94)
}
]==]
