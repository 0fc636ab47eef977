namespace MeshIoT.NetStack;

/// <summary>Receives answers to <see cref="NetStack.SendEcho"/>.</summary>
public abstract class EchoObserver
{
    /// <summary>An echo reply arrived. All arrays are the stack's own and valid during the call only; check the identifier, anyone can send a reply.</summary>
    public abstract void Reply(byte[] from, int identifier, int sequence, byte[] data, int offset, int length);
}
