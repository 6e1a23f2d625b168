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
    v1: Int = guard v0    -> guard_type pc 4 [] as guard_control
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 4 [] as guard_control
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 4 [] as guard_control
    jump block1()
block1():    ; pc 4
    v9: Any = load r3
    v10: Int = guard v9    -> guard_type pc 4 [] as guard_block
    jump block2(v1, v3, v10)
block2(v6: Int, v7: Int, v11: Int):    ; pc 4, loop
    v12: None = poll    -> interrupt pc 4 [r0=v6 r1=v7 r2=v5 r3=v11]
    v13: Int = upval_get 0    -> guard_upvalue pc 4 [r0=v6 r1=v7 r2=v5 r3=v11]
    v14: Int = int 1
    v15: Int = add v13 v14
    v16: None = upval_set 0 v15
    v17: Int = int 0
    v18: Int = int 1
    v19: Bool = eq v7 v17
    v20: None = exit_if v19 == true    -> loop_end pc 9 [r0=v6 r1=v7 r2=v5 r3=v11 r4=v15]
    v21: Int = sub v7 v18
    v22: Int = add v6 v5
    jump block3()
block3():    ; pc 8
    jump block2(v22, v21, v22)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v6 = load.i64 notrap aligned v1
    v7 = load.i32 notrap aligned v1+8
    v8 = iconst.i32 3
    v9 = icmp ne v7, v8  ; v8 = 3
    brif v9, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v63 = iconst.i32 3
    v64 = icmp ne v12, v63  ; v63 = 3
    brif v64, block5, block7

block7:
    v16 = load.i64 notrap aligned v1+32
    v17 = load.i32 notrap aligned v1+40
    v65 = iconst.i32 3
    v66 = icmp ne v17, v65  ; v65 = 3
    brif v66, block5, block8

block8:
    jump block2

block5 cold:
    v80 = iconst.i64 0
    return v80  ; v80 = 0

block2:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v67 = iconst.i32 3
    v68 = icmp ne v24, v67  ; v67 = 3
    brif v68, block9, block10

block10:
    v29 = iconst.i64 125
    v30 = iadd.i64 v0, v29  ; v29 = 125
    v42 = iconst.i64 1
    v49 = iconst.i64 0
    jump block3(v6, v11, v23)

block9 cold:
    v79 = iconst.i64 1
    return v79  ; v79 = 1

block3(v2: i64, v3: i64, v4: i64):
    v69 = iadd.i64 v0, v29  ; v29 = 125
    v31 = atomic_load.i8 notrap aligned v69
    brif v31, block11, block12

block12:
    v35 = load.i64 notrap aligned v1-16
    v36 = load.i64 notrap aligned v35+16
    v37 = load.i64 notrap aligned v36+8
    v38 = load.i64 notrap aligned v37
    v39 = load.i32 notrap aligned v37+8
    v70 = iconst.i32 3
    v71 = icmp ne v39, v70  ; v70 = 3
    brif v71, block13, block14

block14:
    v72 = iconst.i64 1
    v73 = iadd.i64 v38, v72  ; v72 = 1
    store notrap aligned v73, v37
    v74 = iconst.i32 3
    store notrap aligned v74, v37+8  ; v74 = 3
    v75 = iconst.i64 0
    v76 = icmp.i64 eq v3, v75  ; v75 = 0
    brif v76, block15, block16

block16:
    jump block4

block11 cold:
    v54 = iconst.i64 2
    jump block17(v54)  ; v54 = 2

block17(v55: i64) cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v16, v1+32
    store.i64 notrap aligned v4, v1+48
    return v55

block13 cold:
    v57 = iconst.i64 3
    jump block17(v57)  ; v57 = 3

block15 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v16, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v73, v1+64
    v58 = iconst.i64 4
    return v58  ; v58 = 4

block4:
    v53 = iadd.i64 v2, v16
    v77 = iconst.i64 1
    v78 = isub.i64 v3, v77  ; v77 = 1
    jump block3(v53, v78, v53)
}
]==]
