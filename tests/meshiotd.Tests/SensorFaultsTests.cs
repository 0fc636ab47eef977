using System.Linq;
using MeshIoT.Agent.Services;
using MeshIoT.Health;
using MeshIoT.Sensors;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>What of sensors is on the health board.</summary>
public class SensorFaultsTests
{
    static Reading Of(string quantity, FaultReport? problem) =>
        new(new SensorDescription("air." + quantity, quantity, "bme280", quantity, "") { Device = "air" }, 1, 1, problem is null ? Quality.Good : Quality.Bad) { Problem = problem };

    [Fact]
    public void A_chip_of_three_values_that_is_unplugged_is_one_fault_until_the_last_value_is_back()
    {
        FaultBoard<string> board = new(static () => { });
        SensorFaults faults = new(board);
        FaultReport gone = Faults.SensorSilent.With("air", "nothing answers at its address");
        string[] all = ["temperature", "humidity", "pressure"];
        faults.Note([.. all.Select(q => Of(q, gone))]);
        Assert.Equal(["sensor:air"], board.Entries.Select(e => e.Key));
        faults.Note([Of("temperature", null), Of("humidity", null)]);
        Assert.Equal(gone, Assert.Single(board.Current));
        faults.Note([Of("pressure", null)]);
        Assert.Empty(board.Current);
    }

    [Fact]
    public void A_sensor_that_has_nothing_to_give_is_no_fault_of_the_gateway()
    {
        FaultBoard<string> board = new(static () => { });
        SensorFaults faults = new(board);
        faults.Note([Of("colour", Faults.SensorNonsense.With("air", "x")), Of("colour", Faults.SensorEmpty.With("air", "it is too dark for a colour"))]);
        Assert.Empty(board.Current);
        faults.Note([Of("colour", Faults.SensorNonsense.With("air", "x"))]);
        board.Set("mqtt:home", Faults.SensorSilent.With("x", "y"));
        faults.Clear();
        Assert.Equal(["mqtt:home"], board.Entries.Select(e => e.Key));
    }
}
