using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>Pings the kernel from the stack, over and over, and counts its answers.</summary>
internal sealed class EchoPing(StackHost host) : EchoObserver
{
    const int Identifier = 0x4D49;
    static readonly byte[] Payload = "are you there?"u8.ToArray();

    public int Replies { get; private set; }

    public override void Reply(byte[] from, int identifier, int sequence, byte[] data, int offset, int length)
    {
        if (identifier == Identifier && data.AsSpan(offset, length).SequenceEqual(Payload))
        {
            Replies++;
        }
    }

    /// <summary>True if the address answers within three seconds.</summary>
    public async Task<bool> AnswersAsync(byte[] remote, CancellationToken stop)
    {
        int before = Replies;
        for (int i = 0; i < 15 && Replies == before; i++)
        {
            lock (host.Gate)
            {
                host.Stack.EchoObserver = this;
                host.Stack.SendEcho(remote, Identifier, i, Payload, 0, Payload.Length);
            }

            host.Wake();
            await Task.Delay(200, stop);
        }

        return Replies > before;
    }
}
