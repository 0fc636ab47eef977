using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>An output as a value among others: <c>DEVICE/switch</c> is 0 or 1, <c>DEVICE/level</c> a number.</summary>
public static class OutputReading
{
    /// <summary>The last level of its topic.</summary>
    public static string KeyOf(OutputDescription output) => output.Kind == OutputKind.Switch ? "switch" : "level";

    /// <summary>The output as it is now.</summary>
    public static Reading Of(OutputState state) => new(
        new SensorDescription(state.Output.Id, state.Output.Name, state.Output.Driver, KeyOf(state.Output), state.Output.Unit) { Room = state.Output.Room, Decimals = 3 },
        state.Value, state.UnixMs, state.Problem is not null ? Quality.Bad : state.Value is null ? Quality.None : Quality.Good);
}
