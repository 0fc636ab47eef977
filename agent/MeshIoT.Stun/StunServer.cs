using System;

namespace MeshIoT.Stun;

/// <summary>
/// The server's side: an answer or silence. Silence for everybody but nodes of this family, and no answer is longer than its request
/// by more than four bytes, so the server is of no use for reflecting floods. data-plane.md section 3.1.
/// </summary>
public static class StunServer
{
    /// <summary>
    /// Writes the answer to a datagram that came from an endpoint, into at least <see cref="StunResponse.MaxSize"/> bytes. Returns its
    /// length; 0: no answer, for the reason given.
    /// </summary>
    public static int Answer(ReadOnlySpan<byte> request, ReadOnlySpan<byte> source18, Span<byte> response, out StunFault fault)
    {
        fault = StunRequest.Read(request, out StunTransaction transaction);
        return fault == StunFault.None ? StunResponse.Write(response, transaction, source18) : 0;
    }
}
