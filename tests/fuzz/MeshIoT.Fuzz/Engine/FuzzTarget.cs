using System.Collections.Generic;

namespace MeshIoT.Fuzz.Engine;

/// <summary>One parser, and what must hold of it whatever it is given. A broken promise is a <see cref="BrokenPromiseException"/>; any exception is a finding.</summary>
abstract class FuzzTarget
{
    /// <summary>How it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs that are as they should be, where mutations begin.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Longest input that is tried, in bytes.</summary>
    public virtual int MostBytes => 4096;

    /// <summary>What one input may allocate, in bytes: so much, and <see cref="BytesPerByte"/> for each of its bytes.</summary>
    public virtual long MostAllocated => 64 * 1024;

    /// <summary>What an input's byte may allocate.</summary>
    public virtual int BytesPerByte => 64;

    /// <summary>Gives the input to the parser.</summary>
    public abstract void Run(byte[] input);

    /// <summary>A promise of the parser.</summary>
    protected static void Promise(bool holds, string what)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(what);
        }
    }
}
