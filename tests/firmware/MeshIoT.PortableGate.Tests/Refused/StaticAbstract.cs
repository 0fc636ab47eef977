namespace Refused.StaticAbstract;

interface A { static abstract int F(); }
