using System;

namespace MeshIoT.Sensors.Host;

/// <summary>A number in a sysfs attribute: <c>value = (raw + offset) × scale</c>, refused outside its plausible range.</summary>
internal sealed class SysfsSensor(
    SensorDescription description, string path, double scale, double offset, double lowest, double highest, int decimals)
    : Sensor(description)
{
    public override bool TryRead(long unixMs, out double value)
    {
        if (!SysfsFile.TryReadNumber(path, out value))
        {
            return false;
        }

        value = Math.Round((value + offset) * scale, decimals);
        return double.IsFinite(value) && value >= lowest && value <= highest;
    }
}
