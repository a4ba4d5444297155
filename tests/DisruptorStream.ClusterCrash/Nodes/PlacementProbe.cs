using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>
/// Asks some grains that do nothing where they are, and says each time when one has come to another process: what
/// Orleans' placement takes by itself, without any partition.
/// </summary>
internal sealed class PlacementProbe : BackgroundService
{
    /// <summary>How many grains there are.</summary>
    public const int Grains = 8;

    private const string Mark = "probe";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly IGrainFactory _grains;

    public PlacementProbe(IGrainFactory grains) => _grains = grains;

    /// <summary>Reads what a node has said: which grain is in which process, and since when.</summary>
    public static IEnumerable<(int Grain, int Process, long Timestamp)> Read(string log)
    {
        foreach (var line in log.Split('\n'))
        {
            if (line.Split(' ') is [Mark, var grain, var process, var at])
                yield return (Number(grain), Number(process), long.Parse(at, CultureInfo.InvariantCulture));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = new List<Task>();
        for (var grain = 0; grain < Grains; grain++)
            loops.Add(ProbeAsync(grain, stoppingToken));
        return Task.WhenAll(loops);
    }

    private async Task ProbeAsync(int grain, CancellationToken stop)
    {
        var last = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var process = await _grains.GetGrain<IProbeGrain>(grain).WhereAsync();
                if (process != last)
                {
                    // The clock of all processes of a machine.
                    await Console.Error.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture, $"{Mark} {grain} {process} {Stopwatch.GetTimestamp()}"));
                }

                last = process;
            }
            catch (Exception)
            {
                // Its silo has died: the next call finds another one.
            }

            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
