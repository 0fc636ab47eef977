namespace MeshIoT.NetStack;

/// <summary>Counts the bytes all buffers take together, so that many connections cannot take the whole heap.</summary>
internal sealed class MemoryBudget
{
    readonly int limit;
    int used;

    public MemoryBudget(int limit)
    {
        this.limit = limit;
    }

    public int Used
    {
        get { return used; }
    }

    public bool TryTake(int bytes)
    {
        if (bytes > limit - used)
        {
            return false;
        }

        used += bytes;
        return true;
    }

    public void Return(int bytes)
    {
        used -= bytes;
    }
}
