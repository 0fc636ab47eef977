using System;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Node;
using MeshIoT.Sensors.Display;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Keeps the status display right: drawn shortly after the node's state changes, and looked after once a minute in case it was unplugged. Without a
/// <c>[display]</c> it is nothing but a field.
/// </summary>
internal sealed class DisplayService : IDisposable
{
    /// <summary>Changes come in groups.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300), Beat = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly TailnetNode node;
    readonly IWiring wiring;
    readonly FaultBoard<string> health;
    readonly TimeProvider time;
    DisplayOptions? options;
    Ssd1306? display;
    ITimer? timer;

    public DisplayService(TailnetNode node, IWiring wiring, FaultBoard<string> health, TimeProvider time) =>
        (this.node, this.wiring, this.health, this.time) = (node, wiring, health, time);

    /// <summary>Takes these options from now on; null: there is no display.</summary>
    public void Use(DisplayOptions? wanted)
    {
        lock (gate)
        {
            if (wanted == options)
            {
                return;
            }

            Stop();
            options = wanted;
            if (wanted is not null)
            {
                display = new Ssd1306(wiring, wanted.Bus, wanted.Address, wanted.Height, wanted.IsTurned, wanted.Contrast);
                timer = time.CreateTimer(_ => Draw(), null, TimeSpan.Zero, Beat);
                node.StatusChanged += Changed;
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            Stop();
            options = null;
        }
    }

    void Changed() => timer?.Change(Soon, Beat);

    void Draw()
    {
        lock (gate)
        {
            if (display is not null && options is not null)
            {
                health.Show("display", display.Show(DisplayPage.Of(node.Status, health.Current).Draw(Ssd1306.Width, options.Height)));
            }
        }
    }

    void Stop()
    {
        node.StatusChanged -= Changed;
        timer?.Dispose();
        timer = null;
        display?.Dispose();
        display = null;
        health.Clear("display");
    }
}
