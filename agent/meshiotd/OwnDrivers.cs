using MeshIoT.Sensors.IotBindings;

namespace MeshIoT.Agent;

/// <content>A build with <c>-p:IotBindings=true</c> has the drivers of that project, and those that you add here.</content>
internal static partial class Program
{
    static partial void AddOwnDrivers() => IotDrivers.Add();
}
