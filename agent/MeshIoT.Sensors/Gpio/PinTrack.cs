namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// What edges of an input say, freed of bouncing: a level counts once it has lasted for the debounce time. Pulses are counted where they become
/// active. Knows no clock: times come with the edges, in ticks that only grow.
/// </summary>
/// <param name="debounce">How long a level must last; 0: at once.</param>
internal sealed class PinTrack(long debounce)
{
    bool isKnown, stable, pending;
    long since;

    /// <summary>The level that has lasted; true: active.</summary>
    public bool State => stable;

    /// <summary>Pulses so far.</summary>
    public long Count { get; set; }

    /// <summary>When the last pulse began.</summary>
    public long LastPulse { get; private set; }

    /// <summary>When another level will have lasted, if it stays; null: none waits.</summary>
    public long? SettlesAt => pending != stable ? since + debounce : null;

    /// <summary>The input changed at <paramref name="at"/>. True when the state has changed by that.</summary>
    public bool Edge(bool isActive, long at)
    {
        if (!isKnown)
        {
            (isKnown, stable, pending, since) = (true, isActive, isActive, at);
            return false;
        }

        if (isActive == pending)
        {
            return false;
        }

        // What was there until now may have lasted.
        bool changed = Settle(at);
        (pending, since) = (isActive, at);
        return Settle(at) || changed;
    }

    /// <summary>The input is at this level at <paramref name="at"/>; edges that were lost are made up for.</summary>
    public bool Look(bool isActive, long at) => isKnown && isActive == pending ? Settle(at) : Edge(isActive, at);

    bool Settle(long at)
    {
        if (pending == stable || at - since < debounce)
        {
            return false;
        }

        stable = pending;
        if (stable)
        {
            Count++;
            LastPulse = since;
        }

        return true;
    }
}
