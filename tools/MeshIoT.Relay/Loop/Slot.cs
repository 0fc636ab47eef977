namespace MeshIoT.Relay;

/// <summary>A descriptor's place in a loop: what is called, which bits are waited for, when its time comes. Owned by the loop.</summary>
internal sealed class Slot(int index, int descriptor, IReady target)
{
    public int Index => index;

    public int Descriptor => descriptor;

    public IReady Target => target;

    /// <summary>The bits waited for.</summary>
    public uint Interest { get; set; }

    /// <summary>When the target wants to be called.</summary>
    public long DueMs { get; set; } = long.MaxValue;

    /// <summary>The earliest entry that the loop's queue holds for it.</summary>
    public long QueuedMs { get; set; } = long.MaxValue;

    public bool IsRemoved { get; set; }
}
