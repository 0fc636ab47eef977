using System;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// Follows the packets of one direction of a connection by their fixed headers (MQTT 5.0 section 2.1) and says what is wrong before anybody sets
/// memory aside for the rest of a packet. No clock, no sockets.
/// </summary>
/// <param name="fromClient">True for what a client sends, false for what a broker sends.</param>
/// <param name="mostFirst">Most bytes of the first packet: nobody is known yet who could be trusted with more.</param>
/// <param name="most">Most bytes of any other packet, header included.</param>
internal sealed class PacketFrames(bool fromClient, int mostFirst, int most)
{
    const int Connect = 1, ConnAck = 2, Publish = 3, PubRel = 6, Subscribe = 8, Unsubscribe = 10;

    // Bit N: packet type N may come from that side. AUTH is type 15.
    const int FromClients = 0b1101_0101_1111_1010, FromBrokers = 0b1110_1010_1111_1100;

    // Each of these is answered by exactly one packet: CONNECT, PUBREC, PUBREL, SUBSCRIBE, UNSUBSCRIBE, PINGREQ; PUBLISH by its QoS.
    const int Answered = (1 << 1) | (1 << 5) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 12);

    int header, lengthBytes, left;
    bool hasHeader, hasLength, hasFirst;

    /// <summary>True while no packet is under way.</summary>
    public bool IsBetween => !hasHeader;

    /// <summary>Bytes of the packet under way after its header, once they are known; 0 otherwise.</summary>
    public int Announced { get; private set; }

    /// <summary>Packets that ended so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Packets so far that are answered by one packet each.</summary>
    public long AnswersDue { get; private set; }

    /// <summary>Takes bytes in the order they came.</summary>
    public FrameFault Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (!hasHeader)
            {
                header = bytes[0];
                bytes = bytes[1..];
                if (Judge() is var fault and not FrameFault.None)
                {
                    return fault;
                }

                (hasHeader, hasLength, lengthBytes, left) = (true, false, 0, 0);
            }
            else if (!hasLength)
            {
                left |= (bytes[0] & 0x7F) << (7 * lengthBytes++);
                hasLength = (bytes[0] & 0x80) == 0;
                if (!hasLength && lengthBytes == 4)
                {
                    return FrameFault.Malformed;
                }

                bytes = bytes[1..];
                if (hasLength)
                {
                    if (left + 1 + lengthBytes > (hasFirst ? most : mostFirst))
                    {
                        return FrameFault.TooLarge;
                    }

                    Announced = left;
                    EndIfDone();
                }
            }
            else
            {
                int now = Math.Min(left, bytes.Length);
                left -= now;
                bytes = bytes[now..];
                EndIfDone();
            }
        }

        return FrameFault.None;
    }

    FrameFault Judge()
    {
        int type = header >> 4, flags = header & 0xF;
        if (!hasFirst)
        {
            return type == (fromClient ? Connect : ConnAck) && flags == 0 ? FrameFault.None : FrameFault.WrongBeginning;
        }

        bool isKnown = (((fromClient ? FromClients : FromBrokers) >> type) & 1) != 0;
        bool isRight = type == Publish ? (flags & 0b110) != 0b110 : flags == (type is PubRel or Subscribe or Unsubscribe ? 2 : 0);
        return isKnown && isRight && !(fromClient && type == Connect) ? FrameFault.None : FrameFault.Malformed;
    }

    void EndIfDone()
    {
        if (left > 0)
        {
            return;
        }

        int type = header >> 4;
        AnswersDue += type == Publish ? (header & 0b110) != 0 ? 1 : 0 : (Answered >> type) & 1;
        (hasHeader, hasFirst, Announced) = (false, true, 0);
        Packets++;
    }
}
