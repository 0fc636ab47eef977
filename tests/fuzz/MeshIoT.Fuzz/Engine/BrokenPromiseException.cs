using System;

namespace MeshIoT.Fuzz.Engine;

/// <summary>A parser did what it promises never to do.</summary>
sealed class BrokenPromiseException(string what) : Exception(what);
