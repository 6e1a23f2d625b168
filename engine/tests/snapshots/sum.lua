-- HIR, CLIF, optimised CLIF, code
-- Integer arithmetic in a numeric loop: nothing but additions is left in it.
local sum = 0
for i = 1, 100 do
  sum = sum + i
end
assert(sum == 5050)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 6
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 6 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 6 []
    jump block1(v1, v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int, v14: Int):    ; pc 6, loop
    v15: None = poll    -> interrupt pc 6 [r0=v10 r1=v11 r2=v12 r3=v13 r4=v14]
    v16: Int = add v10 v14
    v17: Int = int 0
    v18: Int = int 1
    v19: Bool = eq v12 v17
    v20: None = exit_if v19 == true    -> loop_end pc 9 [r0=v16 r1=v11 r2=v12 r3=v13 r4=v14]
    v21: Int = sub v12 v18
    v22: Int = add v11 v13
    jump block2()
block2():    ; pc 8
    jump block1(v16, v22, v21, v13, v22)
---- CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    v7 -> v1
    v12 -> v1
    v17 -> v1
    v22 -> v1
    v27 -> v1
    jump block1

block1:
    v8 = load.i64 notrap aligned v7
    v9 = load.i32 notrap aligned v7+8
    v10 = iconst.i32 3
    v11 = icmp ne v9, v10  ; v10 = 3
    brif v11, block4, block5

block5:
    v13 = load.i64 notrap aligned v12+16
    v14 = load.i32 notrap aligned v12+24
    v15 = iconst.i32 3
    v16 = icmp ne v14, v15  ; v15 = 3
    brif v16, block4, block6

block6:
    v18 = load.i64 notrap aligned v17+32
    v19 = load.i32 notrap aligned v17+40
    v20 = iconst.i32 3
    v21 = icmp ne v19, v20  ; v20 = 3
    brif v21, block4, block7

block7:
    v23 = load.i64 notrap aligned v22+48
    v24 = load.i32 notrap aligned v22+56
    v25 = iconst.i32 3
    v26 = icmp ne v24, v25  ; v25 = 3
    brif v26, block4, block8

block8:
    v28 = load.i64 notrap aligned v27+64
    v29 = load.i32 notrap aligned v27+72
    v30 = iconst.i32 3
    v31 = icmp ne v29, v30  ; v30 = 3
    brif v31, block4, block9

block9:
    jump block2(v8, v13, v18, v23, v28, v27)

block4 cold:
    v32 = iconst.i64 0
    return v32  ; v32 = 0

block2(v2: i64, v3: i64, v4: i64, v5: i64, v6: i64, v56: i64):
    v42 -> v56
    v49 -> v56
    v57 -> v56
    v33 = load.i8 notrap aligned v0+125
    v34 = iconst.i8 0
    v35 = icmp ne v33, v34  ; v34 = 0
    brif v35, block10, block11

block11:
    v36 = iadd.i64 v2, v6
    v37 = iconst.i64 0
    v38 = iconst.i64 1
    v39 = icmp.i64 eq v4, v37  ; v37 = 0
    brif v39, block12, block13

block13:
    v40 = isub.i64 v4, v38  ; v38 = 1
    v41 = iadd.i64 v3, v5
    jump block3

block10 cold:
    v43 = iconst.i32 3
    store.i64 notrap aligned v2, v42
    store notrap aligned v43, v42+8  ; v43 = 3
    v44 = iconst.i32 3
    store.i64 notrap aligned v3, v42+16
    store notrap aligned v44, v42+24  ; v44 = 3
    v45 = iconst.i32 3
    store.i64 notrap aligned v4, v42+32
    store notrap aligned v45, v42+40  ; v45 = 3
    v46 = iconst.i32 3
    store.i64 notrap aligned v5, v42+48
    store notrap aligned v46, v42+56  ; v46 = 3
    v47 = iconst.i32 3
    store.i64 notrap aligned v6, v42+64
    store notrap aligned v47, v42+72  ; v47 = 3
    v48 = iconst.i64 1
    return v48  ; v48 = 1

block12 cold:
    v50 = iconst.i32 3
    store.i64 notrap aligned v36, v49
    store notrap aligned v50, v49+8  ; v50 = 3
    v51 = iconst.i32 3
    store.i64 notrap aligned v3, v49+16
    store notrap aligned v51, v49+24  ; v51 = 3
    v52 = iconst.i32 3
    store.i64 notrap aligned v4, v49+32
    store notrap aligned v52, v49+40  ; v52 = 3
    v53 = iconst.i32 3
    store.i64 notrap aligned v5, v49+48
    store notrap aligned v53, v49+56  ; v53 = 3
    v54 = iconst.i32 3
    store.i64 notrap aligned v6, v49+64
    store notrap aligned v54, v49+72  ; v54 = 3
    v55 = iconst.i64 2
    return v55  ; v55 = 2

block3:
    jump block2(v36, v41, v40, v5, v41, v57)
}
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v8 = load.i64 notrap aligned v1
    v9 = load.i32 notrap aligned v1+8
    v10 = iconst.i32 3
    v11 = icmp ne v9, v10  ; v10 = 3
    brif v11, block4, block5

block5:
    v13 = load.i64 notrap aligned v1+16
    v14 = load.i32 notrap aligned v1+24
    v58 = iconst.i32 3
    v59 = icmp ne v14, v58  ; v58 = 3
    brif v59, block4, block6

block6:
    v18 = load.i64 notrap aligned v1+32
    v19 = load.i32 notrap aligned v1+40
    v60 = iconst.i32 3
    v61 = icmp ne v19, v60  ; v60 = 3
    brif v61, block4, block7

block7:
    v23 = load.i64 notrap aligned v1+48
    v24 = load.i32 notrap aligned v1+56
    v62 = iconst.i32 3
    v63 = icmp ne v24, v62  ; v62 = 3
    brif v63, block4, block8

block8:
    v28 = load.i64 notrap aligned v1+64
    v29 = load.i32 notrap aligned v1+72
    v64 = iconst.i32 3
    v65 = icmp ne v29, v64  ; v64 = 3
    brif v65, block4, block9

block9:
    v37 = iconst.i64 0
    v38 = iconst.i64 1
    jump block2(v8, v13, v18, v28)

block4 cold:
    v74 = iconst.i64 0
    return v74  ; v74 = 0

block2(v2: i64, v3: i64, v4: i64, v6: i64):
    v33 = load.i8 notrap aligned v0+125
    brif v33, block10, block11

block11:
    v66 = iconst.i64 0
    v67 = icmp.i64 eq v4, v66  ; v66 = 0
    brif v67, block12, block13

block13:
    jump block3

block10 cold:
    store.i64 notrap aligned v2, v1
    v72 = iconst.i32 3
    store notrap aligned v72, v1+8  ; v72 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v72, v1+24  ; v72 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v72, v1+40  ; v72 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v72, v1+56  ; v72 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v72, v1+72  ; v72 = 3
    v73 = iconst.i64 1
    return v73  ; v73 = 1

block12 cold:
    v70 = iadd.i64 v2, v6
    store notrap aligned v70, v1
    v71 = iconst.i32 3
    store notrap aligned v71, v1+8  ; v71 = 3
    store.i64 notrap aligned v3, v1+16
    store notrap aligned v71, v1+24  ; v71 = 3
    store.i64 notrap aligned v4, v1+32
    store notrap aligned v71, v1+40  ; v71 = 3
    store.i64 notrap aligned v23, v1+48
    store notrap aligned v71, v1+56  ; v71 = 3
    store.i64 notrap aligned v6, v1+64
    store notrap aligned v71, v1+72  ; v71 = 3
    v55 = iconst.i64 2
    return v55  ; v55 = 2

block3:
    v36 = iadd.i64 v2, v6
    v41 = iadd.i64 v3, v23
    v68 = iconst.i64 1
    v69 = isub.i64 v4, v68  ; v68 = 1
    jump block2(v36, v41, v69, v41)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
block0:
  jmp     label1
block1:
  movq (%rsi), %r8
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r10
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rcx
  movl 0x28(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %rax
  movl 0x38(%rsi), %edx
  cmpl $0x3, %edx
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %rdx
  movl 0x48(%rsi), %r9d
  cmpl $0x3, %r9d
  jnz     label10; j label11
block11:
  jmp     label12
block12:
  movzbq 0x7d(%rdi), %r9
  testb %r9b, %r9b
  jnz     label17; j label13
block13:
  testq %rcx, %rcx
  jz      label16; j label14
block14:
  jmp     label15
block15:
  leaq (%r8, %rdx), %r8
  leaq (%r10, %rax), %r10
  subq $0x1, %rcx
  movq %r10, %rdx
  jmp     label12
block2:
  jmp     label18
block4:
  jmp     label18
block6:
  jmp     label18
block8:
  jmp     label18
block10:
  jmp     label18
block16:
  leaq (%r8, %rdx), %rdi
  movq %rdi, (%rsi)
  movl $0x3, 8(%rsi)
  movq %r10, 0x10(%rsi)
  movl $0x3, 0x18(%rsi)
  movq %rcx, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %rax, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block17:
  movq %r8, (%rsi)
  movl $0x3, 8(%rsi)
  movq %r10, 0x10(%rsi)
  movl $0x3, 0x18(%rsi)
  movq %rcx, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %rax, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movl $0x1, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block18:
  uninit  %rax
  xorq %rax, %rax
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  mov x6, x0
  b label1
block1:
  ldr x4, [x1]
  ldr w0, [x1, #8]
  subs wzr, w0, #3
  b.ne label2 ; b label3
block3:
  ldr x10, [x1, #16]
  ldr w0, [x1, #24]
  subs wzr, w0, #3
  b.ne label4 ; b label5
block5:
  ldr x2, [x1, #32]
  ldr w0, [x1, #40]
  subs wzr, w0, #3
  b.ne label6 ; b label7
block7:
  ldr x0, [x1, #48]
  ldr w3, [x1, #56]
  subs wzr, w3, #3
  b.ne label8 ; b label9
block9:
  ldr x3, [x1, #64]
  ldr w5, [x1, #72]
  subs wzr, w5, #3
  b.ne label10 ; b label11
block11:
  mov x5, x6
  b label12
block12:
  ldrb w6, [x5, #125]
  ands wzr, w6, #255
  b.ne label17 ; b label13
block13:
  cbz x2, label16 ; b label14
block14:
  b label15
block15:
  add x4, x4, x3
  add x10, x10, x0
  sub x2, x2, #1
  mov x3, x10
  b label12
block2:
  b label18
block4:
  b label18
block6:
  b label18
block8:
  b label18
block10:
  b label18
block16:
  add x4, x4, x3
  str x4, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x10, [x1, #16]
  str w4, [x1, #24]
  str x2, [x1, #32]
  str w4, [x1, #40]
  str x0, [x1, #48]
  str w4, [x1, #56]
  str x3, [x1, #64]
  str w4, [x1, #72]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block17:
  str x4, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x10, [x1, #16]
  str w4, [x1, #24]
  str x2, [x1, #32]
  str w4, [x1, #40]
  str x0, [x1, #48]
  str w4, [x1, #56]
  str x3, [x1, #64]
  str w4, [x1, #72]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block18:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
