using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cluster.Writing;
using DisruptorStream.ClusterCrash.Nodes;
using DisruptorStream.ClusterCrash.Servers;
using DisruptorStream.ClusterCrash.Workloads;

namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>
/// How long it takes from the kill of a node to the first new result of each partition that it owned.
/// </summary>
internal sealed class FailoverCommand
{
    private const int Nodes = 2;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _round = Guid.NewGuid().ToString("N")[..8];
    private readonly string _logs;
    private readonly Node?[] _nodes = new Node?[Nodes];
    private readonly OutputWatch[] _outputs = new OutputWatch[Workload.Partitions];
    private readonly List<double> _taken = [];
    private readonly List<double> _new = [];
    private int _starts;

    private FailoverCommand()
    {
        _logs = Path.Combine(Path.GetTempPath(), $"cluster-{_round}");
        for (var partition = 0; partition < _outputs.Length; partition++)
            _outputs[partition] = new OutputWatch();
    }

    /// <summary>Kills so many nodes, and prints the medians.</summary>
    public static async Task RunAsync(string kind, int kills)
    {
        await using var server = await LogServer.StartAsync(kind);
        await new FailoverCommand().MeasureAsync(server, kills);
    }

    private async Task MeasureAsync(LogServer server, int kills)
    {
        Directory.CreateDirectory(_logs);
        await using var stores = LogServer.Open(server.Kind, server.Address);
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
                await StartAsync(server, node);
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(Calm);
                await KillAsync(server, kill % Nodes);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(tasks);
            foreach (var node in _nodes)
                node?.Dispose();
            Directory.Delete(_logs, recursive: true);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Kind}: {_new.Count} partitions of {kills} killed nodes, medians: a new owner after "
            + $"{Median(_taken):0.00} s, the first new result after {Median(_new):0.00} s ({_new.Min():0.00} to "
            + $"{_new.Max():0.00})"));
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

    private async Task StartAsync(LogServer server, int node)
    {
        var log = string.Create(CultureInfo.InvariantCulture, $"node-{node}-{++_starts}.log");
        _nodes[node]?.Dispose();
        _nodes[node] = Node.Start(
            new NodeOptions(server.Kind, server.Address, _round, node, NodeScheduler.Orleans),
            Path.Combine(_logs, log));
        await _nodes[node]!.WaitUntilReadyAsync();
    }

    private async Task KillAsync(LogServer server, int node)
    {
        var lost = Array.FindAll(_outputs, output => output.Owner == _nodes[node]!.ProcessId);
        foreach (var output in lost)
            output.Reset();
        var start = Stopwatch.GetTimestamp();
        await _nodes[node]!.KillAsync();
        foreach (var output in lost)
        {
            while (output.Since(start) is null && Stopwatch.GetElapsedTime(start) < Patience)
                await Task.Delay(5);
            if (output.Since(start) is not { } since)
                throw new TimeoutException($"A partition has no new result after {Patience}.");
            _taken.Add(since.Taken.TotalSeconds);
            _new.Add(since.New.TotalSeconds);
        }

        await StartAsync(server, node);
    }
}
