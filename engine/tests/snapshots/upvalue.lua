-- HIR, optimised CLIF
-- A closure counts in a variable outside of it.
local count = 0
local function run()
  for _ = 1, 20 do
    count = count + 1
  end
end
run()
assert(count == 20)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 4
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 4 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 4 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 4 []
    v9: Any = load r3
    v10: Int = guard v9    -> guard_type pc 4 []
    jump block1(v1, v3, v5, v10)
block1(v6: Int, v7: Int, v8: Int, v11: Int):    ; pc 4, loop
    v12: None = poll    -> interrupt pc 4 [r0=v6 r1=v7 r2=v8 r3=v11]
    v13: Int = upval_get 0    -> guard_upvalue pc 4 [r0=v6 r1=v7 r2=v8 r3=v11]
    v14: Int = int 1
    v15: Int = add v13 v14
    v16: None = upval_set 0 v15
    v17: Int = int 0
    v18: Int = int 1
    v19: Bool = eq v7 v17
    v20: None = exit_if v19 == true    -> loop_end pc 9 [r0=v6 r1=v7 r2=v8 r3=v11 r4=v15]
    v21: Int = sub v7 v18
    v22: Int = add v6 v8
    jump block2()
block2():    ; pc 8
    jump block1(v22, v21, v8, v22)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block4, block5

block5:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v71 = iconst.i32 3
    v72 = icmp ne v13, v71  ; v71 = 3
    brif v72, block4, block6

block6:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v73 = iconst.i32 3
    v74 = icmp ne v18, v73  ; v73 = 3
    brif v74, block4, block7

block7:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v75 = iconst.i32 3
    v76 = icmp ne v23, v75  ; v75 = 3
    brif v76, block4, block8

block8:
    v38 = iconst.i64 1
    v45 = iconst.i64 0
    jump block2(v7, v12, v22)

block4 cold:
    v90 = iconst.i64 0
    return v90  ; v90 = 0

block2(v2: i64, v3: i64, v5: i64):
    v27 = load.i8 notrap aligned v0+125
    brif v27, block9, block10

block10:
    v31 = load.i64 notrap aligned v1-16
    v32 = load.i64 notrap aligned v31+16
    v33 = load.i64 notrap aligned v32+8
    v34 = load.i64 notrap aligned v33
    v35 = load.i32 notrap aligned v33+8
    v77 = iconst.i32 3
    v78 = icmp ne v35, v77  ; v77 = 3
    brif v78, block11, block12

block12:
    v41 = load.i64 notrap aligned v1-16
    v42 = load.i64 notrap aligned v41+16
    v43 = load.i64 notrap aligned v42+8
    v79 = iconst.i64 1
    v80 = iadd.i64 v34, v79  ; v79 = 1
    store notrap aligned v80, v43
    v81 = iconst.i32 3
    store notrap aligned v81, v43+8  ; v81 = 3
    v82 = iconst.i64 0
    v83 = icmp.i64 eq v3, v82  ; v82 = 0
    brif v83, block13, block14

block14:
    jump block3

block9 cold:
    store.i64 notrap aligned v2, v1
    v88 = iconst.i32 3
    store notrap aligned v88, v1+8  ; v88 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v88, v1+24  ; v88 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v88, v1+40  ; v88 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v88, v1+56  ; v88 = 3
    v89 = iconst.i64 1
    return v89  ; v89 = 1

block11 cold:
    store.i64 notrap aligned v2, v1
    v87 = iconst.i32 3
    store notrap aligned v87, v1+8  ; v87 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v87, v1+24  ; v87 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v87, v1+40  ; v87 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v87, v1+56  ; v87 = 3
    v61 = iconst.i64 2
    return v61  ; v61 = 2

block13 cold:
    store.i64 notrap aligned v2, v1
    v86 = iconst.i32 3
    store notrap aligned v86, v1+8  ; v86 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v86, v1+24  ; v86 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v86, v1+40  ; v86 = 3
    store.i64 notrap aligned v5, v1+48
    store notrap aligned v86, v1+56  ; v86 = 3
    store.i64 notrap aligned v80, v1+64
    store notrap aligned v86, v1+72  ; v86 = 3
    v68 = iconst.i64 3
    return v68  ; v68 = 3

block3:
    v49 = iadd.i64 v2, v17
    v84 = iconst.i64 1
    v85 = isub.i64 v3, v84  ; v84 = 1
    jump block2(v49, v85, v49)
}
]==]
