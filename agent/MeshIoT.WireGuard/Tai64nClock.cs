namespace MeshIoT.WireGuard;

/// <summary>
/// TAI64N labels that never go back, even over a restart of a board without a battery-backed clock. Peers drop an initiation whose label
/// is not greater than the last they accepted, so one backward step of the wall clock would lock the device out.
///
/// The label is the wall clock's time or one step more than the last label, whichever is greater. Nanoseconds lose their low 24 bits:
/// 16.8 ms is fine enough to order handshakes and too coarse to leak the state of the clock.
///
/// Over a restart: the shell stores <see cref="CopyReserve"/> whenever <see cref="ReserveDue"/> says so, before it sends, and gives it to
/// <see cref="RestoreFloor"/> at the next start. The reserve lies ahead of the labels in use (a day ahead of the wall clock), so that it
/// is written about once a day rather than at each handshake. data-plane.md section 11.3; TAI64N: https://cr.yp.to/libtai/tai64.html.
/// </summary>
public sealed class Tai64nClock : TimestampSource
{
    /// <summary>Bytes of a label.</summary>
    public const int Size = ProtocolLimits.TimestampSize;

    /// <summary>TAI64 of 1970-01-01, ten leap seconds before UTC as libtai counts; later leap seconds are left out by all implementations.</summary>
    const ulong UnixEpoch = 0x400000000000000A;

    /// <summary>Labels beyond the year 2500 are not time but a broken file.</summary>
    const ulong LastSecond = UnixEpoch + 16725225600UL;

    const uint Step = 1 << 24, NanosecondsPerSecond = 1000000000;
    const ulong ReserveAheadOfWall = 24 * 3600, ReserveAheadOfLast = 20 * 60;

    ulong wallSecond = UnixEpoch;
    uint wallNano;
    ulong lastSecond = UnixEpoch;
    uint lastNano;
    ulong reserveSecond;
    ulong wantedReserve;

    /// <summary>A clock whose labels are all later than <paramref name="earliestUnixMs"/>, such as the build's date.</summary>
    public Tai64nClock(long earliestUnixMs)
    {
        SetWallTime(earliestUnixMs);
        lastSecond = wallSecond;
        lastNano = wallNano;
    }

    /// <summary>True when a label was issued that the stored reserve does not cover: store a new one before the datagram leaves.</summary>
    public bool ReserveDue => wantedReserve > reserveSecond;

    /// <summary>Tells the time. It may jump either way; times before 1970 or after 2500 are ignored.</summary>
    public void SetWallTime(long unixMs)
    {
        if (unixMs < 0 || (ulong)(unixMs / 1000) > LastSecond - UnixEpoch)
        {
            return;
        }

        wallSecond = UnixEpoch + (ulong)(unixMs / 1000);
        wallNano = (uint)(unixMs % 1000) * 1000000u & ~(Step - 1);
    }

    /// <summary>All labels from now on are greater than the 12 bytes stored earlier; false, and no change, when they are no plausible time.</summary>
    public bool RestoreFloor(byte[] floor, int offset)
    {
        Bounds.Check(floor, offset, Size);
        ulong second = BigEndian.ReadUInt64(floor, offset);
        uint nano = BigEndian.ReadUInt32(floor, offset + 8);
        if (second < UnixEpoch || second > LastSecond || nano >= NanosecondsPerSecond)
        {
            return false;
        }

        if (second > lastSecond || (second == lastSecond && nano > lastNano))
        {
            lastSecond = second;
            lastNano = nano;
        }

        if (second > reserveSecond)
        {
            reserveSecond = second;
        }

        return true;
    }

    /// <summary>Writes the 12 bytes to store and takes them for stored.</summary>
    public void CopyReserve(byte[] output, int offset)
    {
        Bounds.Check(output, offset, Size);
        if (wantedReserve > reserveSecond)
        {
            reserveSecond = wantedReserve;
        }

        BigEndian.WriteUInt64(output, offset, reserveSecond);
        BigEndian.WriteUInt32(output, offset + 8, 0);
    }

    /// <inheritdoc/>
    public override void Next(byte[] output, int offset)
    {
        Bounds.Check(output, offset, Size);
        if (wallSecond > lastSecond || (wallSecond == lastSecond && wallNano > lastNano))
        {
            lastSecond = wallSecond;
            lastNano = wallNano;
        }
        else
        {
            lastNano = (lastNano & ~(Step - 1)) + Step;
            if (lastNano >= NanosecondsPerSecond)
            {
                lastNano = 0;
                lastSecond++;
            }
        }

        if (lastSecond >= reserveSecond)
        {
            ulong byWall = wallSecond + ReserveAheadOfWall, byLast = lastSecond + ReserveAheadOfLast;
            wantedReserve = byWall > byLast ? byWall : byLast;
        }

        BigEndian.WriteUInt64(output, offset, lastSecond);
        BigEndian.WriteUInt32(output, offset + 8, lastNano);
    }
}
