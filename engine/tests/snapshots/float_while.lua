-- HIR, optimised CLIF, code
-- Float arithmetic and a comparison in a `while` loop.
local x, n = 1.0, 0.0
while x < 1e6 do
  x = x * 1.5 + 0.25
  n = n + 1
end
assert(n > 10)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 3
    v0: Any = load r0
    v1: Float = guard v0    -> guard_type pc 3 []
    v2: Any = load r1
    v3: Float = guard v2    -> guard_type pc 3 []
    jump block1(v1, v3)
block1(v4: Float, v5: Float):    ; pc 3, loop
    v6: None = poll    -> interrupt pc 3 [r0=v4 r1=v5]
    v7: Float = float 1000000.0
    v8: Bool = lt v4 v7
    v9: None = exit_if v8 == false    -> loop_end pc 13 [r0=v4 r1=v5 r2=v7]
    jump block2()
block2():    ; pc 6
    v10: Float = float 1.5
    v11: Float = mul v4 v10
    v12: Float = float 0.25
    v13: Float = add v11 v12
    v14: Int = int 1
    v15: Float = int_to_float v14
    v16: Float = add v5 v15
    jump block3()
block3():    ; pc 12
    jump block1(v13, v16)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v5 = load.i64 notrap aligned v1
    v6 = load.i32 notrap aligned v1+8
    v7 = iconst.i32 19
    v8 = icmp ne v6, v7  ; v7 = 19
    brif v8, block5, block6

block6:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v44 = iconst.i32 19
    v45 = icmp ne v12, v44  ; v44 = 19
    brif v45, block5, block7

block7:
    v9 = bitcast.f64 v5
    v15 = bitcast.f64 v11
    v20 = f64const 0x1.e848000000000p19
    v22 = iconst.i8 1
    v33 = f64const 0x1.8000000000000p0
    v35 = f64const 0x1.0000000000000p-2
    v42 = f64const 0x1.0000000000000p0
    jump block2(v9, v15)

block5 cold:
    v16 = iconst.i64 0
    return v16  ; v16 = 0

block2(v2: f64, v3: f64):
    v17 = load.i8 notrap aligned v0+125
    brif v17, block8, block9

block9:
    v46 = f64const 0x1.e848000000000p19
    v47 = fcmp.f64 lt v2, v46  ; v46 = 0x1.e848000000000p19
    v48 = iconst.i8 1
    v49 = bxor v47, v48  ; v48 = 1
    brif v49, block10, block11

block11:
    jump block3

block8 cold:
    store.f64 notrap aligned v2, v1
    v58 = iconst.i32 19
    store notrap aligned v58, v1+8  ; v58 = 19
    store.f64 notrap aligned v3, v1+16
    store notrap aligned v58, v1+24  ; v58 = 19
    v37 = iconst.i64 1
    return v37  ; v37 = 1

block10 cold:
    store.f64 notrap aligned v2, v1
    v56 = iconst.i32 19
    store notrap aligned v56, v1+8  ; v56 = 19
    store.f64 notrap aligned v3, v1+16
    store notrap aligned v56, v1+24  ; v56 = 19
    v57 = f64const 0x1.e848000000000p19
    store notrap aligned v57, v1+32  ; v57 = 0x1.e848000000000p19
    store notrap aligned v56, v1+40  ; v56 = 19
    v32 = iconst.i64 2
    return v32  ; v32 = 2

block3:
    jump block4

block4:
    v50 = f64const 0x1.8000000000000p0
    v51 = fmul.f64 v2, v50  ; v50 = 0x1.8000000000000p0
    v52 = f64const 0x1.0000000000000p-2
    v53 = fadd v51, v52  ; v52 = 0x1.0000000000000p-2
    v54 = f64const 0x1.0000000000000p0
    v55 = fadd.f64 v3, v54  ; v54 = 0x1.0000000000000p0
    jump block2(v53, v55)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
block0:
  jmp     label1
block1:
  movq (%rsi), %rax
  movl 8(%rsi), %ecx
  cmpl $0x13, %ecx
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %rcx
  movl 0x18(%rsi), %edx
  cmpl $0x13, %edx
  jnz     label4; j label5
block5:
  vmovq %rax, %xmm1
  vmovq %rcx, %xmm0
  jmp     label6
block6:
  movzbq 0x7d(%rdi), %rax
  testb %al, %al
  jnz     label12; j label7
block7:
  movabsq $0x412e848000000000, %rax
  vmovq %rax, %xmm2
  vucomisd %xmm1, %xmm2
  seta %al
  xorb $0x1, %al
  testb %al, %al
  jnz     label11; j label8
block8:
  jmp     label9
block9:
  jmp     label10
block10:
  vmulsd (%rip), %xmm1, %xmm1
  vaddsd (%rip), %xmm1, %xmm1
  vaddsd (%rip), %xmm0, %xmm0
  jmp     label6
block2:
  jmp     label13
block4:
  jmp     label13
block11:
  vmovsd %xmm1, (%rsi)
  movl $0x13, 8(%rsi)
  vmovsd %xmm0, 0x10(%rsi)
  movl $0x13, 0x18(%rsi)
  movabsq $0x412e848000000000, %rax
  vmovq %rax, %xmm0
  vmovsd %xmm0, 0x20(%rsi)
  movl $0x13, 0x28(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block12:
  vmovsd %xmm1, (%rsi)
  movl $0x13, 8(%rsi)
  vmovsd %xmm0, 0x10(%rsi)
  movl $0x13, 0x18(%rsi)
  movl $0x1, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block13:
  uninit  %rax
  xorq %rax, %rax
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  b label1
block1:
  ldr x2, [x1]
  ldr w3, [x1, #8]
  subs wzr, w3, #19
  b.ne label2 ; b label3
block3:
  ldr x3, [x1, #16]
  ldr w4, [x1, #24]
  subs wzr, w4, #19
  b.ne label4 ; b label5
block5:
  fmov d17, x2
  fmov d16, x3
  b label6
block6:
  ldrb w2, [x0, #125]
  ands wzr, w2, #255
  b.ne label12 ; b label7
block7:
  movz x2, #33920, LSL #32
  movk x2, x2, #16686, LSL #48
  fmov d0, x2
  fcmp d17, d0
  cset x2, mi
  eor w2, w2, #1
  ands wzr, w2, #255
  b.ne label11 ; b label8
block8:
  b label9
block9:
  b label10
block10:
  fmov d0, #1.5
  fmul d0, d17, d0
  fmov d1, #0.25
  fadd d17, d0, d1
  fmov d0, #1
  fadd d16, d16, d0
  b label6
block2:
  b label13
block4:
  b label13
block11:
  str d17, [x1]
  movz w0, #19
  str w0, [x1, #8]
  str d16, [x1, #16]
  str w0, [x1, #24]
  movz x2, #33920, LSL #32
  movk x2, x2, #16686, LSL #48
  fmov d0, x2
  str d0, [x1, #32]
  str w0, [x1, #40]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block12:
  str d17, [x1]
  movz w0, #19
  str w0, [x1, #8]
  str d16, [x1, #16]
  str w0, [x1, #24]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block13:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
