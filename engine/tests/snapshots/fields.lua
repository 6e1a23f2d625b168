-- HIR, optimised CLIF
-- Fields in the slots of a shape, of integers and floats.
local function point(x) return { x = x, y = 0.5 } end
for _ = 1, 3 do point(1) end
local p = point(1)
for i = 1, 20 do
  p.x = p.x + i
  p.y = p.y * 2.0
end
assert(p.x == 211)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 0
    v0: Int = arg 0
    jump block1()
block1():    ; pc 0
    v1: Table = newtable     -> guard_shape pc 0 [r0=v0] or step
    v2: None = store_field v1 v0 1 cases    -> guard_shape pc 2 [r0=v0 r1=v1] or step
    v3: Float = float 0.5
    v4: None = store_field v1 v3 1 cases    -> guard_shape pc 3 [r0=v0 r1=v1] or step
    v5: Any = box v1
    return v5
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
    v13 = iconst.i64 0x7000_0000_0000
    v14 = call %cranelua_new_table(v0, v1, v13)  ; v13 = 0x7000_0000_0000
    v15 = iconst.i64 0
    v16 = icmp eq v14, v15  ; v15 = 0
    brif v16, block6, block8

block8:
    jump block7(v14)

block6 cold:
    store.i64 notrap aligned v2, v1
    v17 = iconst.i64 0x0001_0000_0000
    call %cranelua_recover_thunk(v0, v1, v17)  ; v17 = 0x0001_0000_0000
    v19 = load.i64 notrap aligned v0+144
    v20 = icmp ne v19, v1
    brif v20, block9, block10

block9 cold:
    v21 = iconst.i64 16
    v22 = icmp.i64 ult v19, v21  ; v21 = 16
    brif v22, block11, block12

block11 cold:
    v23 = iconst.i64 4096
    return v19, v23  ; v23 = 4096

block12:
    jump block13

block10:
    v29 = load.i64 notrap aligned v1+16
    v30 = load.i32 notrap aligned v1+24
    v31 = iconst.i32 69
    v32 = icmp ne v30, v31  ; v31 = 69
    brif v32, block14, block15

block15:
    jump block7(v29)

block7(v11: i64):
    v33 = load.i32 notrap aligned v11+4
    v34 = iconst.i32 1
    v35 = icmp ne v33, v34  ; v34 = 1
    brif v35, block16, block19

block19:
    v36 = load.i8 notrap aligned v11+2
    v37 = iconst.i8 0
    v117 = icmp eq v36, v37  ; v37 = 0
    brif v117, block16, block20

block20:
    v39 = iconst.i64 0x7000_0000_0010
    v40 = load.i32 notrap aligned v39  ; v39 = 0x7000_0000_0010
    v41 = iconst.i32 2
    v42 = icmp ne v40, v41  ; v41 = 2
    brif v42, block16, block21

block21:
    v43 = iconst.i32 5
    store notrap aligned v43, v11+4  ; v43 = 5
    v44 = load.i8 notrap aligned v11+1
    v45 = iconst.i8 1
    v46 = band v44, v45  ; v45 = 1
    brif v46, block22, block23

block22 cold:
    call %cranelua_log(v0, v11)
    jump block23

block23:
    store.i64 notrap aligned v2, v11+48
    v47 = iconst.i32 3
    istore8 notrap aligned v47, v11+8  ; v47 = 3
    jump block18

block18:
    jump block17

block16 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v11, v1+16
    v48 = iconst.i64 0x7000_0000_0020
    call %cranelua_recover_thunk(v0, v1, v48)  ; v48 = 0x7000_0000_0020
    v50 = load.i64 notrap aligned v0+144
    v51 = icmp ne v50, v1
    brif v51, block24, block25

block24 cold:
    v120 = iconst.i64 16
    v53 = icmp.i64 ult v50, v120  ; v120 = 16
    brif v53, block26, block27

block26 cold:
    v122 = iconst.i64 4096
    return v50, v122  ; v122 = 4096

block27:
    jump block28

block25:
    jump block17

block17:
    v60 = load.i32 notrap aligned v11+4
    v123 = iconst.i32 5
    v62 = icmp ne v60, v123  ; v123 = 5
    brif v62, block29, block32

block32:
    v63 = load.i8 notrap aligned v11+2
    v124 = iconst.i8 1
    v65 = icmp ule v63, v124  ; v124 = 1
    brif v65, block29, block33

block33:
    v125 = iconst.i64 0x7000_0000_0010
    v67 = load.i32 notrap aligned v125  ; v125 = 0x7000_0000_0010
    v126 = iconst.i32 2
    v69 = icmp ne v67, v126  ; v126 = 2
    brif v69, block29, block34

block34:
    v70 = iconst.i32 6
    store notrap aligned v70, v11+4  ; v70 = 6
    v71 = load.i8 notrap aligned v11+1
    v73 = band v71, v124  ; v124 = 1
    brif v73, block35, block36

block35 cold:
    call %cranelua_log(v0, v11)
    jump block36

block36:
    v59 = f64const 0x1.0000000000000p-1
    store notrap aligned v59, v11+56  ; v59 = 0x1.0000000000000p-1
    v74 = iconst.i32 19
    istore8 notrap aligned v74, v11+9  ; v74 = 19
    jump block31

block31:
    jump block30

block29 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v11, v1+16
    v75 = iconst.i64 0x7000_0000_0030
    call %cranelua_recover_thunk(v0, v1, v75)  ; v75 = 0x7000_0000_0030
    v77 = load.i64 notrap aligned v0+144
    v78 = icmp ne v77, v1
    brif v78, block37, block38

block37 cold:
    v127 = iconst.i64 16
    v80 = icmp.i64 ult v77, v127  ; v127 = 16
    brif v80, block39, block40

block39 cold:
    v129 = iconst.i64 4096
    return v77, v129  ; v129 = 4096

block40:
    jump block41

block38:
    jump block30

block30:
    v119 = iconst.i64 69
    return v11, v119  ; v119 = 69

block13 cold:
    v89 = iconst.i64 2
    v24 = iconst.i64 -2
    v25 = band.i64 v19, v24  ; v24 = -2
    jump block42(v89, v25)  ; v89 = 2

block42(v90: i64, v91: i64) cold:
    jump block43(v90, v91)

block14 cold:
    v93 = iconst.i64 3
    jump block42(v93, v1)  ; v93 = 3

block28 cold:
    v94 = iconst.i64 5
    v121 = iconst.i64 -2
    v56 = band.i64 v50, v121  ; v121 = -2
    jump block43(v94, v56)  ; v94 = 5

block41 cold:
    v96 = iconst.i64 7
    v128 = iconst.i64 -2
    v83 = band.i64 v77, v128  ; v128 = -2
    jump block43(v96, v83)  ; v96 = 7

block3 cold:
    store.i64 notrap aligned v2, v1
    v130 = iconst.i32 3
    store notrap aligned v130, v1+8  ; v130 = 3
    v131 = iconst.i64 0
    jump block43(v131, v1)  ; v131 = 0

block43(v92: i64, v101: i64) cold:
    v132 = iconst.i64 0
    v104, v105 = call %cranelua_leave(v0, v101, v3, v132, v92)  ; v132 = 0
    return v104, v105
}
---- HIR
block0():    ; pc 6
    v0: Any = load r0
    v1: LuaFn = guard v0    -> guard_type pc 6 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 [] as guard_control
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 [] as guard_control
    jump block1()
block1():    ; pc 6
    v11: Any = load r4
    v12: Int = guard v11    -> guard_type pc 6 [] as guard_block
    v16: None = guard_callee v1 target 0    -> guard_callee pc 6 [] as guard_hoisted
    jump block2(v3, v5, v12)
block2(v8: Int, v9: Int, v13: Int):    ; pc 6, loop
    v14: None = poll    -> interrupt pc 6 [r1=v8 r2=v9 r3=v7 r4=v13]
    v15: Int = int 1
    v17: None = store r1 v8
    v18: None = store r2 v9
    v19: None = store r3 v7
    v20: None = store r4 v13
    v21: Any = call_native r5 v1 target 0 (v15) at pc 8    -> after_call pc 9 []
    v22: Int = int 0
    v23: Int = int 1
    v24: Bool = eq v9 v22
    v25: None = exit_if v24 == true    -> loop_end pc 10 []
    v26: Int = sub v9 v23
    v27: Int = add v8 v7
    jump block3()
block3():    ; pc 9
    jump block2(v27, v26, v27)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {
    sig42 = (i64, i64, i64) -> i64, i64 system_v

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 70
    v9 = icmp ne v7, v8  ; v8 = 70
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block7, block8

block8:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v90 = iconst.i32 3
    v91 = icmp ne v17, v90  ; v90 = 3
    brif v91, block7, block9

block9:
    v21 = load.i64 notrap aligned v1+48
    v22 = load.i32 notrap aligned v1+56
    v92 = iconst.i32 3
    v93 = icmp ne v22, v92  ; v92 = 3
    brif v93, block7, block10

block10:
    jump block2

block5 cold:
    v112 = iconst.i64 0
    jump block11(v112)  ; v112 = 0

block11(v26: i64) cold:
    return v26

block7 cold:
    v111 = iconst.i64 1
    jump block11(v111)  ; v111 = 1

block2:
    v30 = load.i64 notrap aligned v1+64
    v31 = load.i32 notrap aligned v1+72
    v94 = iconst.i32 3
    v95 = icmp ne v31, v94  ; v94 = 3
    brif v95, block12, block13

block13:
    v34 = load.i64 notrap aligned v6+8
    v35 = iconst.i64 0x7000_0000_0000
    v36 = icmp ne v34, v35  ; v35 = 0x7000_0000_0000
    brif v36, block14, block15

block15:
    v41 = iconst.i64 125
    v42 = iadd.i64 v0, v41  ; v41 = 125
    v52 = iconst.i64 70
    v55 = iconst.i64 0x7000_0000_0010
    v53 = iconst.i64 96
    v46 = iconst.i64 1
    v60 = get_stack_pointer.i64
    v63 = iconst.i64 4096
    v68 = iconst.i64 -2
    jump block3(v11, v16, v30, v1)

block12 cold:
    v37 = iconst.i64 2
    jump block16(v37)  ; v37 = 2

block16(v38: i64) cold:
    return v38

block14 cold:
    v40 = iconst.i64 3
    jump block16(v40)  ; v40 = 3

block3(v2: i64, v3: i64, v4: i64, v87: i64):
    v96 = iadd.i64 v0, v41  ; v41 = 125
    v43 = atomic_load.i8 notrap aligned v96
    brif v43, block17, block18

block18:
    store.i64 notrap aligned v2, v87+16
    v97 = iconst.i32 3
    store notrap aligned v97, v87+24  ; v97 = 3
    store.i64 notrap aligned v3, v87+32
    store notrap aligned v97, v87+40  ; v97 = 3
    store.i64 notrap aligned v21, v87+48
    store notrap aligned v97, v87+56  ; v97 = 3
    store.i64 notrap aligned v4, v87+64
    store notrap aligned v97, v87+72  ; v97 = 3
    store.i64 notrap aligned v6, v87+80
    v98 = iconst.i64 70
    store notrap aligned v98, v87+88  ; v98 = 70
    v99 = iconst.i64 0x7000_0000_0010
    v56 = load.i64 notrap aligned v99  ; v99 = 0x7000_0000_0010
    v100 = iconst.i64 96
    v101 = iadd.i64 v87, v100  ; v100 = 96
    v102 = iconst.i64 1
    v57, v58 = call_indirect sig42, v56(v0, v101, v102)  ; v102 = 1
    v61 = load.i64 notrap aligned v0+128
    v62 = icmp.i64 uge v60, v61
    brif v62, block19, block20(v87)

block19 cold:
    v103 = iconst.i64 4096
    v104 = icmp.i64 eq v58, v103  ; v103 = 4096
    brif v104, block21, block22

block21 cold:
    v65 = iconst.i64 0x0001_0000_0000
    v66 = bor.i64 v57, v65  ; v65 = 0x0001_0000_0000
    return v66

block22 cold:
    v67 = call %cranelua_resync(v0, v60)
    v105 = iconst.i64 1
    v106 = band v67, v105  ; v105 = 1
    brif v106, block23, block24

block24:
    v107 = iconst.i64 -2
    v108 = band.i64 v67, v107  ; v107 = -2
    jump block20(v108)

block20(v89: i64):
    v72 = iconst.i64 0
    v76 = icmp.i64 eq v3, v72  ; v72 = 0
    brif v76, block25, block26

block26:
    jump block4

block17 cold:
    store.i64 notrap aligned v2, v87+16
    store.i64 notrap aligned v3, v87+32
    store.i64 notrap aligned v21, v87+48
    store.i64 notrap aligned v4, v87+64
    v79 = iconst.i64 4
    return v79  ; v79 = 4

block23 cold:
    v81 = iconst.i64 5
    return v81  ; v81 = 5

block25 cold:
    v83 = iconst.i64 6
    return v83  ; v83 = 6

block4:
    v78 = iadd.i64 v2, v21
    v109 = iconst.i64 1
    v110 = isub.i64 v3, v109  ; v109 = 1
    jump block3(v78, v110, v78, v89)
}
---- HIR
block0():    ; pc 17
    v0: Any = load r1
    v1: Table = guard v0    -> guard_type pc 17 [] as guard_block
    v2: Any = load r2
    v3: Int = guard v2    -> guard_type pc 17 [] as guard_control
    v4: Any = load r3
    v5: Int = guard v4    -> guard_type pc 17 [] as guard_control
    v6: Any = load r4
    v7: Int = guard v6    -> guard_type pc 17 [] as guard_control
    v8: Any = load r5
    v9: Int = guard v8    -> guard_type pc 17 [] as guard_control
    jump block1()
block1():    ; pc 17
    v15: None = guard_shape v1    -> guard_shape pc 17 [] as guard_hoisted
    jump block2(v3, v5, v9)
block2(v10: Int, v11: Int, v13: Int):    ; pc 17, loop
    v14: None = poll    -> interrupt pc 17 [r2=v10 r3=v11 r4=v7 r5=v13]
    v16: Int = slot_get v1 +48    -> guard_field pc 17 [r2=v10 r3=v11 r4=v7 r5=v13]
    v17: Int = add v16 v13
    v19: None = slot_put v1 +48 v17 value
    v21: Float = slot_get v1 +56    -> guard_field pc 21 [r2=v10 r3=v11 r4=v7 r5=v13 r6=v17]
    v22: Float = float 2.0
    v23: Float = mul v21 v22
    v25: None = slot_put v1 +56 v23 value
    v26: Int = int 0
    v27: Int = int 1
    v28: Bool = eq v11 v26
    v29: None = exit_if v28 == true    -> loop_end pc 26 [r2=v10 r3=v11 r4=v7 r5=v13 r6=v23]
    v30: Int = sub v11 v27
    v31: Int = add v10 v7
    jump block3()
block3():    ; pc 25
    jump block2(v31, v30, v31)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1+16
    v7 = load.i32 notrap aligned v1+24
    v8 = iconst.i32 69
    v9 = icmp ne v7, v8  ; v8 = 69
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+32
    v12 = load.i32 notrap aligned v1+40
    v13 = iconst.i32 3
    v14 = icmp ne v12, v13  ; v13 = 3
    brif v14, block7, block8

block8:
    v16 = load.i64 notrap aligned v1+48
    v17 = load.i32 notrap aligned v1+56
    v71 = iconst.i32 3
    v72 = icmp ne v17, v71  ; v71 = 3
    brif v72, block7, block9

block9:
    v21 = load.i64 notrap aligned v1+64
    v22 = load.i32 notrap aligned v1+72
    v73 = iconst.i32 3
    v74 = icmp ne v22, v73  ; v73 = 3
    brif v74, block7, block10

block10:
    v26 = load.i64 notrap aligned v1+80
    v27 = load.i32 notrap aligned v1+88
    v75 = iconst.i32 3
    v76 = icmp ne v27, v75  ; v75 = 3
    brif v76, block7, block11

block11:
    jump block2

block5 cold:
    v89 = iconst.i64 0
    jump block12(v89)  ; v89 = 0

block12(v31: i64) cold:
    return v31

block7 cold:
    v88 = iconst.i64 1
    jump block12(v88)  ; v88 = 1

block2:
    v34 = load.i32 notrap aligned v6+4
    v35 = iconst.i32 6
    v36 = icmp ne v34, v35  ; v35 = 6
    brif v36, block13, block14

block14:
    v39 = iconst.i64 125
    v40 = iadd.i64 v0, v39  ; v39 = 125
    v46 = iconst.i8 3
    v51 = iconst.i8 19
    v53 = f64const 0x1.0000000000000p1
    v55 = iconst.i64 0
    v56 = iconst.i64 1
    jump block3(v11, v16, v26)

block13 cold:
    v37 = iconst.i64 2
    return v37  ; v37 = 2

block3(v2: i64, v3: i64, v4: i64):
    v77 = iadd.i64 v0, v39  ; v39 = 125
    v41 = atomic_load.i8 notrap aligned v77
    brif v41, block15, block16

block16:
    v44 = load.i8 notrap aligned v6+8
    v45 = load.i64 notrap aligned v6+48
    v78 = iconst.i8 3
    v79 = icmp ne v44, v78  ; v78 = 3
    brif v79, block17, block18

block18:
    v48 = iadd.i64 v45, v4
    store notrap aligned v48, v6+48
    v49 = load.i8 notrap aligned v6+9
    v50 = load.f64 notrap aligned v6+56
    v80 = iconst.i8 19
    v81 = icmp ne v49, v80  ; v80 = 19
    brif v81, block19, block20

block20:
    v82 = f64const 0x1.0000000000000p1
    v83 = fmul.f64 v50, v82  ; v82 = 0x1.0000000000000p1
    store notrap aligned v83, v6+56
    v84 = iconst.i64 0
    v85 = icmp.i64 eq v3, v84  ; v84 = 0
    brif v85, block21, block22

block22:
    jump block4

block15 cold:
    v60 = iconst.i64 3
    jump block23(v60)  ; v60 = 3

block23(v61: i64) cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    return v61

block17 cold:
    v63 = iconst.i64 4
    jump block23(v63)  ; v63 = 4

block19 cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    store.i64 notrap aligned v48, v1+96
    v64 = iconst.i64 5
    return v64  ; v64 = 5

block21 cold:
    store.i64 notrap aligned v2, v1+32
    store.i64 notrap aligned v3, v1+48
    store.i64 notrap aligned v21, v1+64
    store.i64 notrap aligned v4, v1+80
    store.f64 notrap aligned v83, v1+96
    v66 = iconst.i64 6
    return v66  ; v66 = 6

block4:
    v59 = iadd.i64 v2, v21
    v86 = iconst.i64 1
    v87 = isub.i64 v3, v86  ; v86 = 1
    jump block3(v59, v87, v59)
}
]==]
