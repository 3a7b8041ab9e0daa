; Shape { isa: Avx512, vectors: 2, spills: 0, code_bytes: 151 }
entry:
0000 push rbp
0001 push rbx
0002 push r12
0004 push r13
0006 push r14
0008 push r15
000a mov rbp,rsp
000d and rsp,0FFFFFFFFFFFFFFC0h
0011 sub rsp,0
0018 mov r11,[rdi]
001c mov rdx,[r11]
0020 mov rsi,[r11+8]
0024 mov rbx,[r11+10h]
0028 mov r8,[rdi+10h]
002c mov r9,[rdi+8]
0030 mov r10,[rdi+28h]
0034 xor eax,eax
0036 vmovupd zmm0,[rdx+rax]
003e vmulpd zmm0,zmm0,[rsi+rax]
0046 vaddpd zmm0,zmm0,[rbx+rax]
004e vmovupd zmm1,[rdx+rax+40h]
0056 vmulpd zmm1,zmm1,[rsi+rax+40h]
005e vaddpd zmm1,zmm1,[rbx+rax+40h]
0066 vmovupd [r9+rax],zmm0
006e vmovupd [r9+rax+40h],zmm1
0076 add rax,80h
007d cmp rax,r8
0080 jb 0000000000000036h
0086 vzeroupper
0089 mov rsp,rbp
008c pop r15
008e pop r14
0090 pop r13
0092 pop r12
0094 pop rbx
0095 pop rbp
0096 ret
