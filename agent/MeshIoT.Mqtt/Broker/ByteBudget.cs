using System.Threading;

namespace MeshIoT.Mqtt.Broker;

/// <summary>Bytes that all connections together may have announced and not yet sent.</summary>
/// <param name="most">Bytes.</param>
internal sealed class ByteBudget(long most)
{
    long taken;

    /// <summary>Takes some; false when there are not enough.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= most)
        {
            return true;
        }

        Interlocked.Add(ref taken, -bytes);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(int bytes) => Interlocked.Add(ref taken, -bytes);
}
