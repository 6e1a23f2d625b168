-- HIR, optimised CLIF
-- Array elements are read and written.
local t = {}
for i = 1, 20 do t[i] = i end
for i = 1, #t do
  t[i] = t[i] * 2
end
assert(t[20] == 40)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 7
    v0: Any = load r0
    v1: Table = guard v0    -> guard_type pc 7 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 7 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 7 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 7 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 7 []
    jump block1()
block1():    ; pc 7
    v15: None = guard_plain v1    -> guard_array pc 7 [] as guard_hoisted
    v16: Raw = array_part v1
    v17: Int = array_size v1
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 7, loop
    v14: None = poll    -> interrupt pc 7 [r1=v10 r2=v11 r3=v7 r4=v13]
    v18: None = array_set v1 v13 v13    -> guard_array pc 7 [r1=v10 r2=v11 r3=v7 r4=v13]
    v19: Int = int 0
    v20: Int = int 1
    v21: Bool = eq v11 v19
    v22: None = exit_if v21 == true    -> loop_end pc 9 [r1=v10 r2=v11 r3=v7 r4=v13]
    v23: Int = sub v11 v20
    v24: Int = add v10 v7
    jump block3()
block3():    ; pc 8
    jump block2(v24, v23, v24)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block5, block7

block7:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v71 = iconst.i32 3
    v72 = icmp ne v17, v71  ; v71 = 3
    brif v72, block5, block8

block8:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v73 = iconst.i32 3
    v74 = icmp ne v22, v73  ; v73 = 3
    brif v74, block5, block9

block9:
    v26 = load.i64 notrap aligned v1+64
    v27 = load.i32 notrap aligned v1+72
    v75 = iconst.i32 3
    v76 = icmp ne v27, v75  ; v75 = 3
    brif v76, block5, block10

block10:
    jump block2

block5 cold:
    v89 = iconst.i64 0
    return v89  ; v89 = 0

block2:
    v32 = load.i64 notrap aligned v6+40
    brif v32, block11, block12

block12:
    v35 = load.i64 notrap aligned v6+16
    v36 = load.i32 notrap aligned v6+24
    v40 = iconst.i64 125
    v41 = iadd.i64 v0, v40  ; v40 = 125
    v45 = iconst.i64 -1
    v37 = uextend.i64 v36
    v48 = iconst.i64 3
    v33 = iconst.i64 0
    v57 = iconst.i64 1
    jump block3(v11, v16, v26)

block11 cold:
    v88 = iconst.i64 1
    return v88  ; v88 = 1

block3(v2: i64, v3: i64, v4: i64):
    v77 = iadd.i64 v0, v40  ; v40 = 125
    v42 = atomic_load.i8 notrap aligned v77
    brif v42, block13, block14

block14:
    v78 = iconst.i64 -1
    v79 = iadd.i64 v4, v78  ; v78 = -1
    v47 = icmp uge v79, v37
    brif v47, block15, block16

block16:
    v80 = iconst.i64 3
    v81 = ishl.i64 v79, v80  ; v80 = 3
    v50 = iadd.i64 v35, v81
    store.i64 notrap aligned v4, v50
    v82 = iconst.i32 3
    v69 = isub.i64 v35, v79
    istore8 notrap aligned v82, v69-1  ; v82 = 3
    v83 = iconst.i64 0
    v84 = icmp.i64 eq v3, v83  ; v83 = 0
    brif v84, block17, block18

block18:
    jump block4

block13 cold:
    v61 = iconst.i64 2
    jump block19(v61)  ; v61 = 2

block19(v62: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    return v62

block15 cold:
    v87 = iconst.i64 3
    jump block19(v87)  ; v87 = 3

block17 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    v65 = iconst.i64 4
    return v65  ; v65 = 4

block4:
    v60 = iadd.i64 v2, v21
    v85 = iconst.i64 1
    v86 = isub.i64 v3, v85  ; v85 = 1
    jump block3(v60, v86, v60)
}
---- HIR
block0():    ; pc 13
    v0: Any = load r0
    v1: Table = guard v0    -> guard_type pc 13 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 13 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 13 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 13 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 13 []
    jump block1()
block1():    ; pc 13
    v15: Raw = array_part v1
    v16: Int = array_size v1
    v20: None = guard_plain v1    -> guard_array pc 13 [] as guard_hoisted
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 13, loop
    v14: None = poll    -> interrupt pc 13 [r1=v10 r2=v11 r3=v7 r4=v13]
    v17: Int = array_get v1 v13    -> guard_array pc 13 [r1=v10 r2=v11 r3=v7 r4=v13]
    v18: Int = int 2
    v19: Int = mul v17 v18
    v23: None = array_set v1 v13 v19    -> guard_array pc 16 [r1=v10 r2=v11 r3=v7 r4=v13 r5=v19]
    v24: Int = int 0
    v25: Int = int 1
    v26: Bool = eq v11 v24
    v27: None = exit_if v26 == true    -> loop_end pc 18 [r1=v10 r2=v11 r3=v7 r4=v13 r5=v19]
    v28: Int = sub v11 v25
    v29: Int = add v10 v7
    jump block3()
block3():    ; pc 17
    jump block2(v29, v28, v29)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block5, block7

block7:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v93 = iconst.i32 3
    v94 = icmp ne v17, v93  ; v93 = 3
    brif v94, block5, block8

block8:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v95 = iconst.i32 3
    v96 = icmp ne v22, v95  ; v95 = 3
    brif v96, block5, block9

block9:
    v26 = load.i64 notrap aligned v1+64
    v27 = load.i32 notrap aligned v1+72
    v97 = iconst.i32 3
    v98 = icmp ne v27, v97  ; v97 = 3
    brif v98, block5, block10

block10:
    jump block2

block5 cold:
    v114 = iconst.i64 0
    return v114  ; v114 = 0

block2:
    v32 = load.i64 notrap aligned v6+16
    v33 = load.i32 notrap aligned v6+24
    v35 = load.i64 notrap aligned v6+40
    brif v35, block11, block12

block12:
    v40 = iconst.i64 125
    v41 = iadd.i64 v0, v40  ; v40 = 125
    v45 = iconst.i64 -1
    v34 = uextend.i64 v33
    v48 = iconst.i64 3
    v55 = iconst.i8 3
    v36 = iconst.i64 0
    v89 = iconst.i64 1
    jump block3(v11, v16, v26)

block11 cold:
    v113 = iconst.i64 1
    return v113  ; v113 = 1

block3(v2: i64, v3: i64, v4: i64):
    v99 = iadd.i64 v0, v40  ; v40 = 125
    v42 = atomic_load.i8 notrap aligned v99
    brif v42, block13, block14

block14:
    v100 = iconst.i64 -1
    v101 = iadd.i64 v4, v100  ; v100 = -1
    v47 = icmp uge v101, v34
    brif v47, block15, block16

block16:
    v86 = isub.i64 v32, v101
    v53 = load.i8 notrap aligned v86-1
    v102 = iconst.i64 3
    v103 = ishl.i64 v101, v102  ; v102 = 3
    v50 = iadd.i64 v32, v103
    v54 = load.i64 notrap aligned v50
    v104 = iconst.i8 3
    v105 = icmp ne v53, v104  ; v104 = 3
    brif v105, block17, block18

block18:
    brif.i8 v47, block19, block20

block20:
    v88 = iadd.i64 v54, v54
    store notrap aligned v88, v50
    v106 = iconst.i32 3
    istore8 notrap aligned v106, v86-1  ; v106 = 3
    v107 = iconst.i64 0
    v108 = icmp.i64 eq v3, v107  ; v107 = 0
    brif v108, block21, block22

block22:
    jump block4

block13 cold:
    v57 = iconst.i64 2
    jump block23(v57)  ; v57 = 2

block23(v76: i64) cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    return v76

block15 cold:
    v112 = iconst.i64 3
    jump block23(v112)  ; v112 = 3

block17 cold:
    v79 = iconst.i64 4
    jump block23(v79)  ; v79 = 4

block19 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    v111 = iadd.i64 v54, v54
    store notrap aligned v111, v1+80
    v80 = iconst.i64 5
    return v80  ; v80 = 5

block21 cold:
    store.i64 notrap aligned v2, v1+16
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v21, v1+48
    store.i64 notrap aligned v4, v1+64
    store.i64 notrap aligned v88, v1+80
    v82 = iconst.i64 6
    return v82  ; v82 = 6

block4:
    v74 = iadd.i64 v2, v21
    v109 = iconst.i64 1
    v110 = isub.i64 v3, v109  ; v109 = 1
    jump block3(v74, v110, v74)
}
]==]
