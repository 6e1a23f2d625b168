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
    v1: None = store r0 v0
    v2: None = step 0..2    -> after_call pc 2 []
    v3: Any = load r1
    v4: Table = guard_result v3    -> guard_result pc 2 []
    v5: None = store_field v4 v0 1 cases    -> guard_shape pc 2 [] or step
    v6: Float = float 0.5
    v7: None = store_field v4 v6 1 cases    -> guard_shape pc 3 [] or step
    v8: Any = box v4
    return v8
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
    store.i64 notrap aligned v2, v1
    v12 = iconst.i32 3
    store notrap aligned v12, v1+8  ; v12 = 3
    v15 = iconst.i64 0x7000_0000_0010
    v13 = iconst.i64 0x7000_0000_0000
    v16 = call %cranelua_step(v0, v1, v3, v15, v13)  ; v15 = 0x7000_0000_0010, v13 = 0x7000_0000_0000
    v17 = iconst.i64 16
    v18 = icmp ult v16, v17  ; v17 = 16
    brif v18, block6, block7

block6 cold:
    v134 = iconst.i64 4096
    return v16, v134  ; v134 = 4096

block7:
    v22 = iconst.i64 1
    v23 = band.i64 v16, v22  ; v22 = 1
    brif v23, block8, block9

block9:
    v20 = iconst.i64 -2
    v21 = band.i64 v16, v20  ; v20 = -2
    v27 = load.i64 notrap aligned v21+16
    v28 = load.i32 notrap aligned v21+24
    v29 = iconst.i32 69
    v30 = icmp ne v28, v29  ; v29 = 69
    brif v30, block10, block11

block11:
    v31 = load.i32 notrap aligned v27+4
    v32 = iconst.i32 1
    v33 = icmp ne v31, v32  ; v32 = 1
    brif v33, block12, block15

block15:
    v34 = load.i8 notrap aligned v27+2
    v35 = iconst.i8 0
    v105 = icmp eq v34, v35  ; v35 = 0
    brif v105, block12, block16

block16:
    v37 = iconst.i64 0x7000_0000_0020
    v38 = load.i32 notrap aligned v37  ; v37 = 0x7000_0000_0020
    v39 = iconst.i32 2
    v40 = icmp ne v38, v39  ; v39 = 2
    brif v40, block12, block17

block17:
    v41 = iconst.i32 7
    store notrap aligned v41, v27+4  ; v41 = 7
    store.i64 notrap aligned v2, v27+48
    v108 = iconst.i32 3
    istore8 notrap aligned v108, v27+8  ; v108 = 3
    jump block14

block14:
    v109 = band.i64 v16, v20  ; v20 = -2
    jump block13(v109)

block12 cold:
    v110 = band.i64 v16, v20  ; v20 = -2
    v111 = iconst.i64 0x7000_0000_0000
    v43 = iconst.i64 0x7000_0000_0030
    v47 = call %cranelua_recover(v0, v110, v3, v111, v43)  ; v111 = 0x7000_0000_0000, v43 = 0x7000_0000_0030
    v112 = iconst.i64 16
    v113 = icmp ult v47, v112  ; v112 = 16
    brif v113, block18, block19

block18 cold:
    v50 = iconst.i64 4096
    return v47, v50  ; v50 = 4096

block19:
    v114 = iconst.i64 1
    v115 = band.i64 v47, v114  ; v114 = 1
    brif v115, block20, block21

block21:
    v116 = iconst.i64 -2
    v117 = band.i64 v47, v116  ; v116 = -2
    jump block13(v117)

block13(v102: i64):
    v58 = load.i32 notrap aligned v27+4
    v120 = iconst.i32 7
    v60 = icmp ne v58, v120  ; v120 = 7
    brif v60, block22(v102), block25

block25:
    v61 = load.i8 notrap aligned v27+2
    v62 = iconst.i8 1
    v63 = icmp ule v61, v62  ; v62 = 1
    brif v63, block22(v102), block26

block26:
    v121 = iconst.i64 0x7000_0000_0020
    v65 = load.i32 notrap aligned v121  ; v121 = 0x7000_0000_0020
    v122 = iconst.i32 2
    v67 = icmp ne v65, v122  ; v122 = 2
    brif v67, block22(v102), block27

block27:
    v68 = iconst.i32 8
    store notrap aligned v68, v27+4  ; v68 = 8
    v57 = f64const 0x1.0000000000000p-1
    store notrap aligned v57, v27+56  ; v57 = 0x1.0000000000000p-1
    v69 = iconst.i32 19
    istore8 notrap aligned v69, v27+9  ; v69 = 19
    jump block24

block24:
    jump block23

block22(v71: i64) cold:
    v73 = iconst.i64 0x7000_0000_0050
    v70 = iconst.i64 0x7000_0000_0040
    v74 = call %cranelua_recover(v0, v71, v3, v73, v70)  ; v73 = 0x7000_0000_0050, v70 = 0x7000_0000_0040
    v123 = iconst.i64 16
    v124 = icmp ult v74, v123  ; v123 = 16
    brif v124, block28, block29

block28 cold:
    v129 = iconst.i64 4096
    return v74, v129  ; v129 = 4096

block29:
    v125 = iconst.i64 1
    v126 = band.i64 v74, v125  ; v125 = 1
    brif v126, block30, block31

block31:
    jump block23

block23:
    v107 = iconst.i64 69
    return v27, v107  ; v107 = 69

block8 cold:
    v131 = iconst.i64 1
    v132 = iconst.i64 -2
    v133 = band.i64 v16, v132  ; v132 = -2
    jump block32(v131, v133)  ; v131 = 1

block10 cold:
    v88 = iconst.i64 2
    v130 = band.i64 v16, v20  ; v20 = -2
    jump block32(v88, v130)  ; v88 = 2

block20 cold:
    v89 = iconst.i64 4
    v118 = iconst.i64 -2
    v119 = band.i64 v47, v118  ; v118 = -2
    jump block32(v89, v119)  ; v89 = 4

block30 cold:
    v90 = iconst.i64 6
    v127 = iconst.i64 -2
    v128 = band.i64 v74, v127  ; v127 = -2
    jump block32(v90, v128)  ; v90 = 6

block3 cold:
    store.i64 notrap aligned v2, v1
    v135 = iconst.i32 3
    store notrap aligned v135, v1+8  ; v135 = 3
    v24 = iconst.i64 0
    jump block32(v24, v1)  ; v24 = 0

block32(v87: i64, v94: i64) cold:
    v136 = iconst.i64 0
    v97, v98 = call %cranelua_leave(v0, v94, v3, v136, v87)  ; v136 = 0
    return v97, v98
}
---- HIR
block0():    ; pc 6
    v0: Any = load r0
    v1: LuaFn = guard v0    -> guard_type pc 6 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 []
    v11: Any = load r4
    v12: Int = guard v11    -> guard_type pc 6 []
    jump block1(v3, v5, v7, v12)
block1(v8: Int, v9: Int, v10: Int, v13: Int):    ; pc 6, loop
    v14: None = poll    -> interrupt pc 6 [r1=v8 r2=v9 r3=v10 r4=v13]
    v15: Int = int 1
    v16: None = guard_callee v1 target 0    -> guard_callee pc 8 [r1=v8 r2=v9 r3=v10 r4=v13 r5=v1 r6=v15]
    v17: None = store r1 v8
    v18: None = store r2 v9
    v19: None = store r3 v10
    v20: None = store r4 v13
    v21: Any = call_native r5 v1 target 0 (v15) at pc 8    -> after_call pc 9 []
    v22: Int = int 0
    v23: Int = int 1
    v24: Bool = eq v9 v22
    v25: None = exit_if v24 == true    -> loop_end pc 10 []
    v26: Int = sub v9 v23
    v27: Int = add v8 v10
    jump block2()
block2():    ; pc 9
    jump block1(v27, v26, v10, v27)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {
    sig14 = (i64, i64, i64) -> i64, i64 system_v

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 70
    v10 = icmp ne v8, v9  ; v9 = 70
    brif v10, block4, block5

block5:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block4, block6

block6:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v90 = iconst.i32 3
    v91 = icmp ne v18, v90  ; v90 = 3
    brif v91, block4, block7

block7:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v92 = iconst.i32 3
    v93 = icmp ne v23, v92  ; v92 = 3
    brif v93, block4, block8

block8:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v94 = iconst.i32 3
    v95 = icmp ne v28, v94  ; v94 = 3
    brif v95, block4, block9

block9:
    v37 = iconst.i64 0x7000_0000_0000
    v44 = iconst.i64 70
    v47 = iconst.i64 0x7000_0000_0010
    v45 = iconst.i64 96
    v35 = iconst.i64 1
    v52 = get_stack_pointer.i64
    v55 = iconst.i64 4096
    v60 = iconst.i64 -2
    jump block2(v12, v17, v27, v1)

block4 cold:
    v117 = iconst.i64 0
    return v117  ; v117 = 0

block2(v2: i64, v3: i64, v5: i64, v87: i64):
    v32 = load.i8 notrap aligned v0+125
    brif v32, block10, block11

block11:
    v36 = load.i64 notrap aligned v7+8
    v96 = iconst.i64 0x7000_0000_0000
    v97 = icmp ne v36, v96  ; v96 = 0x7000_0000_0000
    brif v97, block12, block13

block13:
    store.i64 notrap aligned v2, v87+16
    v98 = iconst.i32 3
    store notrap aligned v98, v87+24  ; v98 = 3
    store.i64 notrap aligned v3, v87+32
    store notrap aligned v98, v87+40  ; v98 = 3
    store.i64 notrap aligned v22, v87+48
    store notrap aligned v98, v87+56  ; v98 = 3
    store.i64 notrap aligned v5, v87+64
    store notrap aligned v98, v87+72  ; v98 = 3
    store.i64 notrap aligned v7, v87+80
    v99 = iconst.i64 70
    store notrap aligned v99, v87+88  ; v99 = 70
    v100 = iconst.i64 0x7000_0000_0010
    v48 = load.i64 notrap aligned v100  ; v100 = 0x7000_0000_0010
    v101 = iconst.i64 96
    v102 = iadd.i64 v87, v101  ; v101 = 96
    v103 = iconst.i64 1
    v49, v50 = call_indirect sig14, v48(v0, v102, v103)  ; v103 = 1
    v53 = load.i64 notrap aligned v0+128
    v54 = icmp.i64 uge v52, v53
    brif v54, block14, block15(v87)

block14 cold:
    v104 = iconst.i64 4096
    v105 = icmp.i64 eq v50, v104  ; v104 = 4096
    brif v105, block16, block17

block16 cold:
    v57 = iconst.i64 0x0001_0000_0000
    v58 = bor.i64 v49, v57  ; v57 = 0x0001_0000_0000
    return v58

block17 cold:
    v59 = call %cranelua_resync(v0, v52)
    v106 = iconst.i64 1
    v107 = band v59, v106  ; v106 = 1
    brif v107, block18, block19

block19:
    v108 = iconst.i64 -2
    v109 = band.i64 v59, v108  ; v108 = -2
    jump block15(v109)

block15(v89: i64):
    v64 = iconst.i64 0
    v68 = icmp.i64 eq v3, v64  ; v64 = 0
    brif v68, block20, block21

block21:
    jump block3

block10 cold:
    store.i64 notrap aligned v2, v87+16
    v115 = iconst.i32 3
    store notrap aligned v115, v87+24  ; v115 = 3
    store.i64 notrap aligned v3, v87+32
    store notrap aligned v115, v87+40  ; v115 = 3
    store.i64 notrap aligned v22, v87+48
    store notrap aligned v115, v87+56  ; v115 = 3
    store.i64 notrap aligned v5, v87+64
    store notrap aligned v115, v87+72  ; v115 = 3
    v116 = iconst.i64 1
    return v116  ; v116 = 1

block12 cold:
    store.i64 notrap aligned v2, v87+16
    v112 = iconst.i32 3
    store notrap aligned v112, v87+24  ; v112 = 3
    store.i64 notrap aligned v3, v87+32
    store notrap aligned v112, v87+40  ; v112 = 3
    store.i64 notrap aligned v22, v87+48
    store notrap aligned v112, v87+56  ; v112 = 3
    store.i64 notrap aligned v5, v87+64
    store notrap aligned v112, v87+72  ; v112 = 3
    store.i64 notrap aligned v7, v87+80
    v113 = iconst.i32 70
    store notrap aligned v113, v87+88  ; v113 = 70
    v114 = iconst.i64 1
    store notrap aligned v114, v87+96  ; v114 = 1
    store notrap aligned v112, v87+104  ; v112 = 3
    v84 = iconst.i64 2
    return v84  ; v84 = 2

block18 cold:
    v85 = iconst.i64 3
    return v85  ; v85 = 3

block20 cold:
    v86 = iconst.i64 4
    return v86  ; v86 = 4

block3:
    v70 = iadd.i64 v2, v22
    v110 = iconst.i64 1
    v111 = isub.i64 v3, v110  ; v110 = 1
    jump block2(v70, v111, v70, v89)
}
---- HIR
block0():    ; pc 17
    v0: Any = load r1
    v1: Table = guard v0    -> guard_type pc 17 []
    v2: Any = load r2
    v3: Int = guard v2    -> guard_type pc 17 []
    v4: Any = load r3
    v5: Int = guard v4    -> guard_type pc 17 []
    v6: Any = load r4
    v7: Int = guard v6    -> guard_type pc 17 []
    v8: Any = load r5
    v9: Int = guard v8    -> guard_type pc 17 []
    jump block1(v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int):    ; pc 17, loop
    v14: None = poll    -> interrupt pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v15: None = guard_shape v1    -> guard_shape pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v16: Int = slot_get v1 +48    -> guard_field pc 17 [r2=v10 r3=v11 r4=v12 r5=v13]
    v17: Int = add v16 v13
    v18: None = guard_shape v1    -> guard_shape pc 20 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v19: None = slot_set v1 +48 v17    -> guard_field pc 20 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v20: None = guard_shape v1    -> guard_shape pc 21 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v21: Float = slot_get v1 +56    -> guard_field pc 21 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v17]
    v22: Float = float 2.0
    v23: Float = mul v21 v22
    v24: None = guard_shape v1    -> guard_shape pc 24 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v25: None = slot_set v1 +56 v23    -> guard_field pc 24 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v26: Int = int 0
    v27: Int = int 1
    v28: Bool = eq v11 v26
    v29: None = exit_if v28 == true    -> loop_end pc 26 [r2=v10 r3=v11 r4=v12 r5=v13 r6=v23]
    v30: Int = sub v11 v27
    v31: Int = add v10 v12
    jump block2()
block2():    ; pc 25
    jump block1(v31, v30, v12, v31)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1+16
    v8 = load.i32 notrap aligned v1+24
    v9 = iconst.i32 69
    v10 = icmp ne v8, v9  ; v9 = 69
    brif v10, block4, block5

block5:
    v12 = load.i64 notrap aligned v1+32
    v13 = load.i32 notrap aligned v1+40
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block4, block6

block6:
    v17 = load.i64 notrap aligned v1+48
    v18 = load.i32 notrap aligned v1+56
    v142 = iconst.i32 3
    v143 = icmp ne v18, v142  ; v142 = 3
    brif v143, block4, block7

block7:
    v22 = load.i64 notrap aligned v1+64
    v23 = load.i32 notrap aligned v1+72
    v144 = iconst.i32 3
    v145 = icmp ne v23, v144  ; v144 = 3
    brif v145, block4, block8

block8:
    v27 = load.i64 notrap aligned v1+80
    v28 = load.i32 notrap aligned v1+88
    v146 = iconst.i32 3
    v147 = icmp ne v28, v146  ; v146 = 3
    brif v147, block4, block9

block9:
    v36 = iconst.i32 8
    v33 = iconst.i8 0
    v57 = iconst.i32 19
    v59 = f64const 0x1.0000000000000p1
    v68 = iconst.i64 0
    v69 = iconst.i64 1
    jump block2(v12, v17, v27)

block4 cold:
    v190 = iconst.i64 0
    return v190  ; v190 = 0

block2(v2: i64, v3: i64, v5: i64):
    v32 = load.i8 notrap aligned v0+125
    brif v32, block10, block11

block11:
    v35 = load.i32 notrap aligned v7+4
    v148 = iconst.i32 8
    v149 = icmp ne v35, v148  ; v148 = 8
    brif v149, block12, block13

block13:
    v38 = load.i8 notrap aligned v7+8
    v40 = load.i64 notrap aligned v7+48
    v39 = uextend.i32 v38
    v150 = iconst.i32 3
    v151 = icmp ne v39, v150  ; v150 = 3
    brif v151, block14, block15

block15:
    v44 = load.i32 notrap aligned v7+4
    v152 = iconst.i32 8
    v153 = icmp ne v44, v152  ; v152 = 8
    brif v153, block16, block17

block17:
    v47 = load.i8 notrap aligned v7+8
    v154 = iconst.i8 0
    v155 = icmp eq v47, v154  ; v154 = 0
    brif v155, block18, block19

block19:
    v43 = iadd.i64 v40, v5
    store notrap aligned v43, v7+48
    v156 = iconst.i32 3
    istore8 notrap aligned v156, v7+8  ; v156 = 3
    v51 = load.i32 notrap aligned v7+4
    v157 = iconst.i32 8
    v158 = icmp ne v51, v157  ; v157 = 8
    brif v158, block20, block21

block21:
    v54 = load.i8 notrap aligned v7+9
    v56 = load.f64 notrap aligned v7+56
    v55 = uextend.i32 v54
    v159 = iconst.i32 19
    v160 = icmp ne v55, v159  ; v159 = 19
    brif v160, block22, block23

block23:
    brif.i8 v158, block24, block25

block25:
    v161 = iconst.i8 0
    v162 = icmp.i8 eq v54, v161  ; v161 = 0
    brif v162, block26, block27

block27:
    v163 = f64const 0x1.0000000000000p1
    v164 = fmul.f64 v56, v163  ; v163 = 0x1.0000000000000p1
    store notrap aligned v164, v7+56
    v165 = iconst.i32 19
    istore8 notrap aligned v165, v7+9  ; v165 = 19
    v166 = iconst.i64 0
    v167 = icmp.i64 eq v3, v166  ; v166 = 0
    brif v167, block28, block29

block29:
    jump block3

block10 cold:
    store.i64 notrap aligned v2, v1+32
    v188 = iconst.i32 3
    store notrap aligned v188, v1+40  ; v188 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v188, v1+56  ; v188 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v188, v1+72  ; v188 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v188, v1+88  ; v188 = 3
    v189 = iconst.i64 1
    return v189  ; v189 = 1

block12 cold:
    store.i64 notrap aligned v2, v1+32
    v187 = iconst.i32 3
    store notrap aligned v187, v1+40  ; v187 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v187, v1+56  ; v187 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v187, v1+72  ; v187 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v187, v1+88  ; v187 = 3
    v84 = iconst.i64 2
    return v84  ; v84 = 2

block14 cold:
    store.i64 notrap aligned v2, v1+32
    v186 = iconst.i32 3
    store notrap aligned v186, v1+40  ; v186 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v186, v1+56  ; v186 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v186, v1+72  ; v186 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v186, v1+88  ; v186 = 3
    v90 = iconst.i64 3
    return v90  ; v90 = 3

block16 cold:
    store.i64 notrap aligned v2, v1+32
    v184 = iconst.i32 3
    store notrap aligned v184, v1+40  ; v184 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v184, v1+56  ; v184 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v184, v1+72  ; v184 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v184, v1+88  ; v184 = 3
    v185 = iadd.i64 v40, v5
    store notrap aligned v185, v1+96
    store notrap aligned v184, v1+104  ; v184 = 3
    v97 = iconst.i64 4
    return v97  ; v97 = 4

block18 cold:
    store.i64 notrap aligned v2, v1+32
    v182 = iconst.i32 3
    store notrap aligned v182, v1+40  ; v182 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v182, v1+56  ; v182 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v182, v1+72  ; v182 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v182, v1+88  ; v182 = 3
    v183 = iadd.i64 v40, v5
    store notrap aligned v183, v1+96
    store notrap aligned v182, v1+104  ; v182 = 3
    v104 = iconst.i64 5
    return v104  ; v104 = 5

block20 cold:
    store.i64 notrap aligned v2, v1+32
    v181 = iconst.i32 3
    store notrap aligned v181, v1+40  ; v181 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v181, v1+56  ; v181 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v181, v1+72  ; v181 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v181, v1+88  ; v181 = 3
    store.i64 notrap aligned v43, v1+96
    store notrap aligned v181, v1+104  ; v181 = 3
    v111 = iconst.i64 6
    return v111  ; v111 = 6

block22 cold:
    store.i64 notrap aligned v2, v1+32
    v180 = iconst.i32 3
    store notrap aligned v180, v1+40  ; v180 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v180, v1+56  ; v180 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v180, v1+72  ; v180 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v180, v1+88  ; v180 = 3
    store.i64 notrap aligned v43, v1+96
    store notrap aligned v180, v1+104  ; v180 = 3
    v118 = iconst.i64 7
    return v118  ; v118 = 7

block24 cold:
    store.i64 notrap aligned v2, v1+32
    v176 = iconst.i32 3
    store notrap aligned v176, v1+40  ; v176 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v176, v1+56  ; v176 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v176, v1+72  ; v176 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v176, v1+88  ; v176 = 3
    v177 = f64const 0x1.0000000000000p1
    v178 = fmul.f64 v56, v177  ; v177 = 0x1.0000000000000p1
    store notrap aligned v178, v1+96
    v179 = iconst.i32 19
    store notrap aligned v179, v1+104  ; v179 = 19
    v125 = iconst.i64 8
    return v125  ; v125 = 8

block26 cold:
    store.i64 notrap aligned v2, v1+32
    v172 = iconst.i32 3
    store notrap aligned v172, v1+40  ; v172 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v172, v1+56  ; v172 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v172, v1+72  ; v172 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v172, v1+88  ; v172 = 3
    v173 = f64const 0x1.0000000000000p1
    v174 = fmul.f64 v56, v173  ; v173 = 0x1.0000000000000p1
    store notrap aligned v174, v1+96
    v175 = iconst.i32 19
    store notrap aligned v175, v1+104  ; v175 = 19
    v132 = iconst.i64 9
    return v132  ; v132 = 9

block28 cold:
    store.i64 notrap aligned v2, v1+32
    v170 = iconst.i32 3
    store notrap aligned v170, v1+40  ; v170 = 3
    store.i64 notrap aligned v3, v1+48
    store notrap aligned v170, v1+56  ; v170 = 3
    store.i64 notrap aligned v22, v1+64
    store notrap aligned v170, v1+72  ; v170 = 3
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v170, v1+88  ; v170 = 3
    store.f64 notrap aligned v164, v1+96
    v171 = iconst.i32 19
    store notrap aligned v171, v1+104  ; v171 = 19
    v139 = iconst.i64 10
    return v139  ; v139 = 10

block3:
    v72 = iadd.i64 v2, v22
    v168 = iconst.i64 1
    v169 = isub.i64 v3, v168  ; v168 = 1
    jump block2(v72, v169, v72)
}
]==]
