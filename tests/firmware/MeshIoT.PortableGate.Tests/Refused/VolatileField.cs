namespace Refused.VolatileField;

class A { volatile int x; }
