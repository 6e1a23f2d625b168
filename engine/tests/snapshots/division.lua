-- HIR, optimised CLIF, code
-- Floor division and modulo of integers, by a constant and by a variable.
local sum, by = 0, 3
for i = -50, 50 do
  sum = sum + i // by + i % 7
end
assert(sum == 267)
--[==[ what it is compiled to
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
    jump block1()
block1():    ; pc 7
    jump block2(v1, v5, v7, v11)
block2(v12: Int, v13: Int, v14: Int, v16: Int):    ; pc 7, loop
    v17: None = poll    -> interrupt pc 7 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16]
    v18: Int = idiv v16 v3    -> guard_divisor pc 7 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16]
    v19: Int = add v12 v18
    v20: Int = int 7
    v21: Int = mod v16 v20    -> guard_divisor pc 11 [r0=v12 r2=v13 r3=v14 r4=v9 r5=v16 r6=v19]
    v22: Int = add v19 v21
    v23: Int = int 0
    v24: Int = int 1
    v25: Bool = eq v14 v23
    v26: None = exit_if v25 == true    -> loop_end pc 16 [r0=v22 r2=v13 r3=v14 r4=v9 r5=v16 r6=v19 r7=v21]
    v27: Int = sub v14 v24
    v28: Int = add v13 v9
    jump block3()
block3():    ; pc 15
    jump block2(v22, v28, v27, v28)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block5, block6

block6:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v96 = iconst.i32 3
    v97 = icmp ne v13, v96  ; v96 = 3
    brif v97, block5, block7

block7:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v98 = iconst.i32 3
    v99 = icmp ne v18, v98  ; v98 = 3
    brif v99, block5, block8

block8:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v100 = iconst.i32 3
    v101 = icmp ne v23, v100  ; v100 = 3
    brif v101, block5, block9

block9:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v102 = iconst.i32 3
    v103 = icmp ne v28, v102  ; v102 = 3
    brif v103, block5, block10

block10:
    v32 = load.i64 notrap aligned v1+80
    v33 = load.i32 notrap aligned v1+88
    v104 = iconst.i32 3
    v105 = icmp ne v33, v104  ; v104 = 3
    brif v105, block5, block11

block11:
    jump block2

block5 cold:
    v158 = iconst.i64 0
    return v158  ; v158 = 0

block2:
    v38 = iconst.i64 125
    v39 = iadd.i64 v0, v38  ; v38 = 125
    v43 = iconst.i64 0
    v44 = icmp.i64 eq v12, v43  ; v43 = 0
    v45 = iconst.i64 -1
    v46 = icmp.i64 eq v12, v45  ; v45 = -1
    v47 = iconst.i64 1
    v48 = select v46, v47, v12  ; v47 = 1
    v90 = iconst.i64 0x4924_9249_2492_4925
    v93 = iconst.i64 63
    v64 = iconst.i64 7
    jump block3(v7, v17, v22, v32)

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v106 = iadd.i64 v0, v38  ; v38 = 125
    v40 = atomic_load.i8 notrap aligned v106
    brif v40, block12, block13

block13:
    brif.i8 v44, block14, block15

block15:
    v49 = sdiv.i64 v5, v48
    v107 = iconst.i64 0
    v108 = icmp.i64 eq v4, v107  ; v107 = 0
    brif v108, block16, block17

block17:
    jump block4

block12 cold:
    v157 = iconst.i64 1
    jump block18(v157)  ; v157 = 1

block18(v83: i64) cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    return v83

block14 cold:
    v85 = iconst.i64 2
    jump block18(v85)  ; v85 = 2

block16 cold:
    v127 = ineg.i64 v5
    v128 = imul.i64 v49, v48
    v129 = isub.i64 v5, v128
    v130 = iconst.i64 0
    v131 = icmp ne v129, v130  ; v130 = 0
    v132 = bxor v129, v48
    v133 = icmp slt v132, v130  ; v130 = 0
    v134 = band v131, v133
    v135 = iconst.i64 -1
    v136 = iadd.i64 v49, v135  ; v135 = -1
    v137 = select v134, v136, v49
    v138 = select v46, v127, v137
    v139 = iadd.i64 v2, v138
    v140 = iconst.i64 0x4924_9249_2492_4925
    v141 = smulhi.i64 v5, v140  ; v140 = 0x4924_9249_2492_4925
    v142 = iconst.i64 1
    v143 = sshr v141, v142  ; v142 = 1
    v144 = iconst.i64 63
    v145 = ushr v143, v144  ; v144 = 63
    v146 = iadd v143, v145
    v147 = iconst.i64 7
    v148 = imul v146, v147  ; v147 = 7
    v149 = isub.i64 v5, v148
    v150 = icmp ne v149, v130  ; v130 = 0
    v151 = bxor v149, v147  ; v147 = 7
    v152 = icmp slt v151, v130  ; v130 = 0
    v153 = band v150, v152
    v154 = iadd v149, v147  ; v147 = 7
    v155 = select v153, v154, v149
    v156 = iadd v139, v155
    store notrap aligned v156, v1
    store.i64 notrap aligned v3, v1+32
    store.i64 notrap aligned v4, v1+48
    store.i64 notrap aligned v27, v1+64
    store.i64 notrap aligned v5, v1+80
    store notrap aligned v139, v1+96
    store notrap aligned v155, v1+112
    v86 = iconst.i64 3
    return v86  ; v86 = 3

block4:
    v61 = ineg.i64 v5
    v50 = imul.i64 v49, v48
    v51 = isub.i64 v5, v50
    v109 = iconst.i64 0
    v110 = icmp ne v51, v109  ; v109 = 0
    v54 = bxor v51, v48
    v111 = icmp slt v54, v109  ; v109 = 0
    v57 = band v110, v111
    v112 = iconst.i64 -1
    v113 = iadd.i64 v49, v112  ; v112 = -1
    v60 = select v57, v113, v49
    v62 = select v46, v61, v60
    v63 = iadd.i64 v2, v62
    v114 = iconst.i64 0x4924_9249_2492_4925
    v115 = smulhi.i64 v5, v114  ; v114 = 0x4924_9249_2492_4925
    v116 = iconst.i64 1
    v117 = sshr v115, v116  ; v116 = 1
    v118 = iconst.i64 63
    v119 = ushr v117, v118  ; v118 = 63
    v95 = iadd v117, v119
    v65 -> v95
    v120 = iconst.i64 7
    v121 = imul v95, v120  ; v120 = 7
    v67 = isub.i64 v5, v121
    v122 = icmp ne v67, v109  ; v109 = 0
    v123 = bxor v67, v120  ; v120 = 7
    v124 = icmp slt v123, v109  ; v109 = 0
    v73 = band v122, v124
    v125 = iadd v67, v120  ; v120 = 7
    v75 = select v73, v125, v67
    v76 = iadd v63, v75
    v81 = iadd.i64 v3, v27
    v126 = isub.i64 v4, v116  ; v116 = 1
    jump block3(v76, v81, v126, v81)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
  subq $0x30, %rsp
  movq %rbx, (%rsp)
  movq %r12, 8(%rsp)
  movq %r13, 0x10(%rsp)
  movq %r14, 0x18(%rsp)
  movq %r15, 0x20(%rsp)
block0:
  movq %rdi, %rdx
  jmp     label1
block1:
  movq (%rsi), %r9
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r8
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rcx
  movl 0x28(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %r15
  movl 0x38(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %rdi
  movl 0x48(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label10; j label11
block11:
  movq 0x50(%rsi), %rax
  movq %rax, %r10
  movl 0x58(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label12; j label13
block13:
  jmp     label14
block14:
  cmpq $0xffffffffffffffff, %r8
  movq %r8, %r11
  cmoveq (%rip), %r11
  movq %rdx, %rbx
  jmp     label15
block15:
  movzbq 0x7d(%rbx), %rax
  testb %al, %al
  jnz     label22; j label16
block16:
  testq %r8, %r8
  jz      label21; j label17
block17:
  movq %r10, %rax
  cqto  ;; implicit: %rdx, %rax
  testq %r11, %r11
  jz #trap=int_divz
  idivq %r11 ;; implicit: %rax, %rdx, trap=252
  testq %r15, %r15
  jz      label20; j label18
block18:
  jmp     label19
block19:
  movq %r10, %r12
  negq %r12
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r10, %r13
  subq %rdx, %r13
  testq %r13, %r13
  setne %r14b
  xorq %r11, %r13
  shrq $0x3f, %r13
  leaq -1(%rax), %rdx
  testb %r14b, %r13b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r8
  cmoveq %r12, %rax
  leaq (%r9, %rax), %r9
  movq %r10, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rax
  subq %rax, %r10
  testq %r10, %r10
  setne %al
  movq %r10, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%r10), %r12
  testb %al, %dl
  cmovneq %r12, %r10
  leaq (%r9, %r10), %r9
  leaq (%rcx, %rdi), %rcx
  subq $0x1, %r15
  movq %rcx, %r10
  jmp     label15
block2:
  jmp     label24
block4:
  jmp     label24
block6:
  jmp     label24
block8:
  jmp     label24
block10:
  jmp     label24
block12:
  jmp     label24
block20:
  movq %r10, %rbx
  negq %rbx
  movq %rax, %rdx
  imulq %r11, %rdx
  movq %r10, %r12
  subq %rdx, %r12
  testq %r12, %r12
  setne %r13b
  xorq %r11, %r12
  shrq $0x3f, %r12
  leaq -1(%rax), %rdx
  testb %r13b, %r12b
  cmovneq %rdx, %rax
  cmpq $0xffffffffffffffff, %r8
  cmoveq %rbx, %rax
  leaq (%r9, %rax), %r8
  movq %r10, %rax
  imulq (%rip) ;; implicit: %rax, %rdx
  sarq $1, %rdx
  movq %rdx, %rax
  shrq $0x3f, %rax
  leaq (%rdx, %rax), %rax
  imulq $0x7, %rax, %rdx
  movq %r10, %rax
  subq %rdx, %rax
  testq %rax, %rax
  setne %r9b
  movq %rax, %rdx
  xorq $0x7, %rdx
  shrq $0x3f, %rdx
  leaq 7(%rax), %r11
  testb %r9b, %dl
  cmovneq %r11, %rax
  leaq (%r8, %rax), %rdx
  movq %rdx, (%rsi)
  movq %rcx, 0x20(%rsi)
  movq %r15, 0x30(%rsi)
  movq %rdi, 0x40(%rsi)
  movq %r10, 0x50(%rsi)
  movq %r8, 0x60(%rsi)
  movq %rax, 0x70(%rsi)
  movl $0x3, %eax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block21:
  movl $0x2, %eax
  jmp     label23
block22:
  movl $0x1, %eax
  jmp     label23
block23:
  movq %r9, (%rsi)
  movq %rcx, 0x20(%rsi)
  movq %r15, 0x30(%rsi)
  movq %rdi, 0x40(%rsi)
  movq %r10, 0x50(%rsi)
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
block24:
  uninit  %rax
  xorq %rax, %rax
  movq (%rsp), %rbx
  movq 8(%rsp), %r12
  movq 0x10(%rsp), %r13
  movq 0x18(%rsp), %r14
  movq 0x20(%rsp), %r15
  addq $0x30, %rsp
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  mov x8, x0
  b label1
block1:
  ldr x5, [x1]
  ldr w0, [x1, #8]
  subs wzr, w0, #3
  b.ne label2 ; b label3
block3:
  ldr x4, [x1, #16]
  ldr w0, [x1, #24]
  subs wzr, w0, #3
  b.ne label4 ; b label5
block5:
  ldr x15, [x1, #32]
  ldr w0, [x1, #40]
  subs wzr, w0, #3
  b.ne label6 ; b label7
block7:
  ldr x11, [x1, #48]
  ldr w0, [x1, #56]
  subs wzr, w0, #3
  b.ne label8 ; b label9
block9:
  ldr x2, [x1, #64]
  ldr w0, [x1, #72]
  subs wzr, w0, #3
  b.ne label10 ; b label11
block11:
  ldr x3, [x1, #80]
  ldr w0, [x1, #88]
  subs wzr, w0, #3
  b.ne label12 ; b label13
block13:
  b label14
block14:
  movn x6, #0
  movz x0, #1
  subs xzr, x4, x6
  csel x7, x0, x4, eq
  b label15
block15:
  add x0, x8, #125
  ldarb w0, [x0]
  ands wzr, w0, #255
  b.ne label22 ; b label16
block16:
  cbz x4, label21 ; b label17
block17:
  cbz x7, #trap=int_divz
  adds xzr, x7, #1
  ccmp x3, #1, #nzcv, eq
  b.vs #trap=int_ovf
  sdiv x9, x3, x7
  cbz x11, label20 ; b label18
block18:
  b label19
block19:
  sub x10, xzr, x3
  msub x12, x9, x7, x3
  subs xzr, x12, #0
  cset x0, ne
  eor x12, x12, x7
  subs xzr, x12, #0
  cset x12, lt
  and w0, w0, w12
  sub x12, x9, #1
  ands wzr, w0, #255
  csel x0, x12, x9, ne
  subs xzr, x4, x6
  csel x0, x10, x0, eq
  add x5, x5, x0
  movz x0, #18725
  movk x0, x0, #9362, LSL #16
  movk x0, x0, #37449, LSL #32
  movk x0, x0, #18724, LSL #48
  smulh x0, x3, x0
  asr x0, x0, #1
  lsr x9, x0, #63
  add x0, x0, x9
  movz x9, #7
  msub x3, x0, x9, x3
  subs xzr, x3, #0
  cset x0, ne
  eor x9, x3, #7
  subs xzr, x9, #0
  cset x9, lt
  and w0, w0, w9
  add x9, x3, #7
  ands wzr, w0, #255
  csel x0, x9, x3, ne
  add x5, x5, x0
  add x15, x15, x2
  sub x11, x11, #1
  mov x3, x15
  b label15
block2:
  b label24
block4:
  b label24
block6:
  b label24
block8:
  b label24
block10:
  b label24
block12:
  b label24
block20:
  sub x8, xzr, x3
  msub x10, x9, x7, x3
  subs xzr, x10, #0
  cset x0, ne
  eor x7, x10, x7
  subs xzr, x7, #0
  cset x7, lt
  and w0, w0, w7
  sub x7, x9, #1
  ands wzr, w0, #255
  csel x7, x7, x9, ne
  subs xzr, x4, x6
  csel x4, x8, x7, eq
  add x4, x5, x4
  movz x5, #18725
  movk x5, x5, #9362, LSL #16
  movk x5, x5, #37449, LSL #32
  movk x5, x5, #18724, LSL #48
  smulh x5, x3, x5
  asr x5, x5, #1
  lsr x6, x5, #63
  add x5, x5, x6
  movz x6, #7
  msub x5, x5, x6, x3
  subs xzr, x5, #0
  cset x6, ne
  eor x7, x5, #7
  subs xzr, x7, #0
  cset x7, lt
  and w6, w6, w7
  add x7, x5, #7
  ands wzr, w6, #255
  csel x5, x7, x5, ne
  add x6, x4, x5
  str x6, [x1]
  str x15, [x1, #32]
  str x11, [x1, #48]
  str x2, [x1, #64]
  str x3, [x1, #80]
  str x4, [x1, #96]
  str x5, [x1, #112]
  movz x0, #3
  ldp fp, lr, [sp], #16
  ret
block21:
  movz x0, #2
  b label23
block22:
  movz x0, #1
  b label23
block23:
  str x5, [x1]
  str x15, [x1, #32]
  str x11, [x1, #48]
  str x2, [x1, #64]
  str x3, [x1, #80]
  ldp fp, lr, [sp], #16
  ret
block24:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
