namespace MeshIoT.Sensors;

/// <summary>What an output is, unchanged while it exists.</summary>
/// <param name="Id">Unique on its gateway: what a configuration's entry is called.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Driver">Which driver sets it: <c>relay</c>, <c>gpio-out</c>, <c>pwm</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Unit">Unit of its values; empty for a switch.</param>
/// <param name="Lowest">Lowest value.</param>
/// <param name="Highest">Highest value.</param>
public sealed record OutputDescription(string Id, string Name, string Driver, OutputKind Kind, string Unit = "", double Lowest = 0, double Highest = 1)
{
    /// <summary>Where it is; empty when nobody said.</summary>
    public string Room { get; init; } = "";

    /// <summary>A switch of an entry.</summary>
    public static OutputDescription Switch(OutputEntry entry) => Of(entry, OutputKind.Switch, "", 0, 1);

    /// <summary>An output of an entry that takes values between bounds.</summary>
    public static OutputDescription Level(OutputEntry entry, string unit, double lowest, double highest) => Of(entry, OutputKind.Level, unit, lowest, highest);

    static OutputDescription Of(OutputEntry entry, OutputKind kind, string unit, double lowest, double highest) =>
        new(entry.Id, entry.Name.Length > 0 ? entry.Name : entry.Id, entry.Driver, kind, unit, lowest, highest) { Room = entry.Room };
}
