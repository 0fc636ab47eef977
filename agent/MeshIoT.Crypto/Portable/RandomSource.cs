namespace MeshIoT.Crypto;

/// <summary>Where unpredictable bytes come from. Handed in by the shell: nothing in the portable core has a source of its own.</summary>
public abstract class RandomSource
{
    /// <summary>Fills the range with bytes fit for keys; returns only when all are written.</summary>
    public abstract void Fill(byte[] buffer, int offset, int length);
}
