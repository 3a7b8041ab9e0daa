#define PIO2H 0x1.921fb54442d18p0
#define PIO2L 0x1.1a62633145c07p-54
#define PIH 0x1.921fb54442d18p1
#define PIL 0x1.1a62633145c07p-53
AI D NEGIF(M m,D x){return SEL(m,-x,x);}
// ---- asin, acos ----
typedef struct {D v,hi,lo; M big;} AS;            // |x|<=.5: hi=|x|, lo=|x|P ; else hi=2f, lo=2(sP+c), asin = pi/2-(hi+lo)
AI AS as_(D x){
  D a=ABS(x); M big=LT(K(0.5),a); D z=SEL(big,(1.0-a)*0.5,a*a), s=SQRT(z);
  D w=z*z,w2=w*w, p=E13(z,w,w2,w2*w2,0x1.5555555555556p-3,0x1.3333333332dcdp-4,0x1.6db6db6e4397cp-5,0x1.f1c71c14da09dp-6,0x1.6e8bb2fe23252p-6,0x1.1c4d1bf9d30cbp-6,0x1.c9d1cecf23bfep-7,0x1.780cd7fabf7d3p-7,0x1.52df0d21f450ep-7,0x1.60a47da69b81ap-8,0x1.205df5c9f231ap-6,-0x1.f07d84c540011p-7,0x1.da673019a5363p-6);
  p=p*z;
  D f=FIXH(s,0x1p-27), c=(z-f*f)/((s+f)+0x1p-1000), lo=s*p+c;
  return (AS){a,SEL(big,f+f,a),SEL(big,lo+lo,a*p),big};
}
AI D s_asin(D x){
  AS g=as_(x);
  D b=SEL(g.big,K(PIO2H),K(0.)), bl=SEL(g.big,K(PIO2L),K(0.)), h=NEGIF(g.big,g.hi), l=NEGIF(g.big,g.lo);
  D H=b+h, e=(b-H)+h, r=H+(e+(bl+l));
  return SIGNOF(ABS(r),x);
}
