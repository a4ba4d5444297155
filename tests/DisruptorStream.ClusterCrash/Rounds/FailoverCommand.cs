using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cluster.Writing;
using DisruptorStream.ClusterCrash.Nodes;
using DisruptorStream.ClusterCrash.Servers;
using DisruptorStream.ClusterCrash.Workloads;

namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>
/// How long it takes from the kill of a node to the first new result of each partition that it owned; and beside it how
/// long Orleans takes to place grains anew that do nothing.
/// </summary>
internal sealed class FailoverCommand : IDisposable
{
    private const int Nodes = 2;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _round = Guid.NewGuid().ToString("N")[..8];
    private readonly LogServer _server;
    private readonly int _standbys;
    private readonly NodeSet _nodes;
    private readonly OutputWatch[] _outputs = new OutputWatch[Workload.Partitions];
    private readonly List<double> _taken = [];
    private readonly List<double> _new = [];
    private readonly List<double> _placed = [];

    private FailoverCommand(LogServer server, int standbys)
    {
        (_server, _standbys) = (server, standbys);
        _nodes = new NodeSet(_round, Nodes);
        for (var partition = 0; partition < _outputs.Length; partition++)
            _outputs[partition] = new OutputWatch();
    }

    /// <summary>Kills so many nodes, and prints the medians.</summary>
    public static async Task RunAsync(string kind, int kills, int standbys)
    {
        await using var server = await LogServer.StartAsync(kind);
        using var command = new FailoverCommand(server, standbys);
        await command.MeasureAsync(kills);
    }

    public void Dispose() => _nodes.Dispose();

    private async Task MeasureAsync(int kills)
    {
        await using var stores = LogServer.Open(_server.Kind, _server.Address);
        var workload = new Workload(_round, stores.Logs, null);
        await workload.CreateTopicsAsync(CancellationToken.None);
        using var end = new CancellationTokenSource();
        var tasks = new List<Task> { LoadAsync(workload, end.Token) };
        for (var partition = 0; partition < _outputs.Length; partition++)
        {
            tasks.Add(_outputs[partition].FollowAsync(
                stores.Logs, workload.Bills.Options.OutputTopic, partition, end.Token));
        }

        try
        {
            for (var node = 0; node < Nodes; node++)
                await StartAsync(node);
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(Calm);
                await KillAsync(kill % Nodes);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(tasks);
            _nodes.DeleteLogs();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_server.Kind}, {_standbys} standbys: {_new.Count} partitions of {kills} killed nodes, medians: a new "
            + $"owner after {Median(_taken):0.00} s, the first new result after {Median(_new):0.00} s "
            + $"({_new.Min():0.00} to {_new.Max():0.00}); {_placed.Count} grains that do nothing are placed after "
            + $"{Median(_placed):0.00} s"));
    }

    private static async Task LoadAsync(Workload workload, CancellationToken end)
    {
        try
        {
            await using var writer = workload.Bills.NewWriter(new PartitionWriterOptions { MaxRecordBytes = 8 * 1024 });
            for (var number = 0; ;)
            {
                for (var each = 0; each < 40; each++)
                    await writer.WriteAsync(Workload.EventAt(number++), end);
                await Task.Delay(10, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[values.Count / 2];
    }

    private async Task StartAsync(int node)
    {
        _nodes.Start(new NodeOptions(_server.Kind, _server.Address, _round, node, NodeScheduler.Orleans)
        {
            Standbys = _standbys,
            IsProbed = true,
        });
        await _nodes[node].WaitUntilReadyAsync();
    }

    private async Task KillAsync(int node)
    {
        var lost = Array.FindAll(_outputs, output => output.Owner == _nodes[node].ProcessId);
        foreach (var output in lost)
            output.Reset();
        var start = Stopwatch.GetTimestamp();
        await _nodes[node].KillAsync();
        foreach (var output in lost)
        {
            while (output.Since(start) is null && Stopwatch.GetElapsedTime(start) < Patience)
                await Task.Delay(5);
            if (output.Since(start) is not { } since)
                throw new TimeoutException($"A partition has no new result after {Patience}.");
            _taken.Add(since.Taken.TotalSeconds);
            _new.Add(since.New.TotalSeconds);
        }

        await NotePlacedAsync(_nodes[1 - node], start);
        await StartAsync(node);
    }

    /// <summary>The grains that came to a node since a moment.</summary>
    private async Task NotePlacedAsync(Node node, long since)
    {
        await Task.Delay(Calm);
        foreach (var (_, process, at) in PlacementProbe.Read(await node.ReadAsync()))
        {
            if (process == node.ProcessId && at > since)
                _placed.Add(Stopwatch.GetElapsedTime(since, at).TotalSeconds);
        }
    }
}
