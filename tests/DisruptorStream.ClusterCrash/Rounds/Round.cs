using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Writing;
using DisruptorStream.ClusterCrash.Nodes;
using DisruptorStream.ClusterCrash.Servers;
using DisruptorStream.ClusterCrash.Workloads;

namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>One round: nodes handle a load while something happens to them, and all results are looked at.</summary>
internal sealed class Round : IDisposable
{
    private const int NodeCount = 2;
    private const int MostFaults = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly LogServer _server;
    private readonly Fault _fault;
    private readonly Random _random;
    private readonly int _events;
    private readonly TimeSpan _load;
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private readonly NodeSet _nodes;
    private readonly int[] _versions = new int[NodeCount];
    private CutNetwork? _network;
    private int _faults;
    private long _epochs;

    /// <param name="server">The server of the log.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="seed">Says when.</param>
    /// <param name="plan">How many events there are, and over which time.</param>
    public Round(LogServer server, Fault fault, int seed, RoundPlan plan)
    {
        (_server, _fault, _random, _events, _load) = (server, fault, new Random(seed), plan.Events, plan.Load);
        _nodes = new NodeSet(_id, NodeCount);
        Array.Fill(_versions, 1);
    }

    /// <summary>What there was.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture, $"{_events} events, {_faults} faults, {_epochs} owners");

    private NodeScheduler Scheduler =>
        _fault is Fault.TwoOwners or Fault.CutNetwork ? NodeScheduler.Everything : NodeScheduler.Orleans;

    public void Dispose() => _nodes.Dispose();

    /// <returns>What was wrong; empty for nothing.</returns>
    public async Task<string> RunAsync()
    {
        try
        {
            await using var stores = LogServer.Open(_server.Kind, _server.Address);
            var workload = new Workload(_id, stores.Logs, stores.Checkpoints);
            await workload.CreateTopicsAsync(CancellationToken.None);
            if (_fault == Fault.CutNetwork)
                _network = await CutNetwork.StartAsync(EndPointOf(_server));
            for (var node = 0; node < NodeCount; node++)
            {
                // One after the other: silos that join at once wait for each other for seconds.
                Start(node);
                await _nodes[node].WaitUntilReadyAsync();
            }

            using var loaded = new CancellationTokenSource();
            var faults = HappenAsync(loaded.Token);
            await WriteAsync(workload).WaitAsync(Patience);
            await loaded.CancelAsync();
            await faults;

            // By connections of its own: those from before died with the server.
            await using var after = LogServer.Open(_server.Kind, _server.Address);
            workload = new Workload(_id, after.Logs, after.Checkpoints, version: _versions.Max());
            await WaitForEndAsync(after.Logs, workload.Sums.Options.OutputTopic);
            await _nodes.WaitUntilReadyAsync();
            var ends = new List<string>();
            for (var node = 0; node < NodeCount; node++)
                ends.Add(await StopAsync(_nodes[node]));
            var problem = string.Join("; ", ends.Where(end => end.Length > 0));
            if (problem.Length == 0)
                problem = await CheckAsync(after.Logs, workload);
            if (problem.Length == 0)
                _nodes.DeleteLogs();
            return problem.Length == 0 ? "" : $"{problem} (what the nodes said: {_nodes.Logs})";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message} (what the nodes said: {_nodes.Logs})";
        }
        finally
        {
            if (_network is { } network)
                await network.DisposeAsync();
        }
    }

    private static EndPoint EndPointOf(LogServer server)
    {
        if (server.Kind == LogServer.Nats)
            return new IPEndPoint(IPAddress.Loopback, new Uri(server.Address).Port);
        var host = new Npgsql.NpgsqlConnectionStringBuilder(server.Address).Host!;
        return new UnixDomainSocketEndPoint(Path.Combine(host, ".s.PGSQL.5432"));
    }

    /// <summary>One that was paused may be ending by itself just now, because others took it for dead.</summary>
    private async Task<string> StopAsync(Node node)
    {
        var end = await node.StopAsync();
        return _fault == Fault.PauseNode ? "" : end;
    }

    private void Start(int node)
    {
        var behind = node == 0 ? _network : null;
        var address = behind switch
        {
            null => _server.Address,
            _ when _server.Kind == LogServer.Nats =>
                string.Create(CultureInfo.InvariantCulture, $"nats://{behind.Host}:{behind.Port}"),
            _ => new Npgsql.NpgsqlConnectionStringBuilder(_server.Address)
            {
                Host = behind.Host,
                Port = behind.Port,
                SslMode = Npgsql.SslMode.Disable,
            }.ConnectionString,
        };
        var options = new NodeOptions(_server.Kind, address, _id, node, Scheduler) { Version = _versions[node] };
        _nodes.Start(options, behind?.Prefix ?? []);
    }

    /// <summary>Writes all events over some seconds, and then says that there are no more.</summary>
    private async Task WriteAsync(Workload workload)
    {
        await using var writer = workload.Bills.NewWriter(
            new PartitionWriterOptions { MaxRecordBytes = 8 * 1024 });
        const int Steps = 100;
        for (var step = 0; step < Steps; step++)
        {
            for (var at = step * _events / Steps; at < (step + 1) * _events / Steps; at++)
                await writer.WriteAsync(Workload.EventAt(at));
            await Task.Delay(_load / Steps);
        }

        await writer.CompleteAsync();
    }

    /// <summary>What happens, until the load is over: at least once.</summary>
    private async Task HappenAsync(CancellationToken loaded)
    {
        if (_fault is Fault.Clean or Fault.TwoOwners)
            return;
        do
        {
            await Task.Delay(_random.Next(300, 1200), loaded).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _faults++;
            await HappenOnceAsync();
        }
        while (!loaded.IsCancellationRequested && _faults < MostFaults);
    }

    private async Task HappenOnceAsync()
    {
        var node = _random.Next(NodeCount);
        switch (_fault)
        {
            case Fault.KillNode:
                await _nodes[node].KillAsync();
                Start(node);
                break;
            case Fault.KillServer:
                await _server.KillAsync(TimeSpan.FromMilliseconds(_random.Next(500)));
                break;
            case Fault.KillBoth:
                await Task.WhenAll(
                    _server.KillAsync(TimeSpan.FromMilliseconds(_random.Next(500))), _nodes[node].KillAsync());
                Start(node);
                break;
            case Fault.PauseNode:
                _nodes[node].Pause();
                await Task.Delay(_random.Next(1500, 2500));
                _nodes[node].Resume();
                await RestartIfEndedAsync(node);
                break;
            case Fault.Upgrade:
                await UpgradeAsync();
                break;
            case Fault.CutNetwork:
                await _network!.CutAsync();
                await Task.Delay(_random.Next(1500, 2500));
                await _network.MendAsync();
                break;
            default:
                throw new InvalidOperationException($"{_fault} does not happen by itself.");
        }
    }

    /// <summary>Each node in turn, by a stop or by a death; then one of them dies once more.</summary>
    private async Task UpgradeAsync()
    {
        var node = _faults <= NodeCount ? _faults - 1 : _random.Next(NodeCount);
        if (_random.Next(2) == 0)
            await _nodes[node].KillAsync();
        else
            await _nodes[node].StopAsync();
        _versions[node] = 2;
        Start(node);
        await _nodes[node].WaitUntilReadyAsync();
    }

    /// <summary>A silo that learns that it was taken for dead ends by itself.</summary>
    private async Task RestartIfEndedAsync(int node)
    {
        for (var looks = 0; looks < 20; looks++)
        {
            await Task.Delay(50);
            if (!_nodes[node].HasEnded)
                continue;
            Start(node);
            return;
        }
    }

    /// <summary>Waits until each partition of a topic says that nothing more comes.</summary>
    private static async Task WaitForEndAsync(IPartitionLogStore logs, string topic)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var partition = 0; partition < Workload.Partitions; partition++)
        {
            await using var log = await logs.OpenAsync(topic, partition, patience.Token);
            while (true)
            {
                var last = await log.ReadLastAsync(patience.Token);
                if (last is { } entry && await HasEndedAsync(log, entry, patience.Token))
                    break;
                try
                {
                    await Task.Delay(50, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new TimeoutException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{log.Name} has not ended in {Patience}; it is at {last?.Position}"));
                }
            }
        }
    }

    /// <summary>An owner that came later says nothing of it, so the records before are looked at.</summary>
    private static async Task<bool> HasEndedAsync(IPartitionLog log, LogEntry last, CancellationToken cancellationToken)
    {
        var end = long.MaxValue.ToString(CultureInfo.InvariantCulture);
        if (last.Record.Header(PartitionHeaders.Watermark) == end)
            return true;
        if (last.Record.Header(PartitionHeaders.Owner) is null)
            return false;
        await foreach (var entry in log.ReadAsync(Math.Max(0, last.Position - 200), follow: false, cancellationToken))
        {
            if (entry.Record.Header(PartitionHeaders.Watermark) == end)
                return true;
        }

        return false;
    }

    private async Task<string> CheckAsync(IPartitionLogStore logs, Workload workload)
    {
        var (bills, sums) = (0L, 0L);
        for (var partition = 0; partition < Workload.Partitions; partition++)
        {
            _epochs += (await workload.Bills.VerifyAsync(partition)).Epochs;
            _epochs += (await workload.Sums.VerifyAsync(partition)).Epochs;
            bills += await SumAsync(logs, workload.Bills.Options.OutputTopic, partition);
            sums += await SumAsync(logs, workload.Sums.Options.OutputTopic, partition);
        }

        return bills == _events && sums == _events
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{_events} events became {bills} calls and {sums} in sums");
    }

    /// <summary>The sum of the calls of a partition; its numbers are looked at as well.</summary>
    private static async Task<long> SumAsync(IPartitionLogStore logs, string topic, int partition)
    {
        var (sum, number) = (0L, 0L);
        await using var log = await logs.OpenAsync(topic, partition, CancellationToken.None);
        await foreach (var entry in log.ReadAsync(0, follow: false, CancellationToken.None))
        {
            foreach (var line in Encoding.UTF8.GetString(entry.Record.Body.Span).Split('\n'))
            {
                if (line.Length == 0)
                    continue;
                var result = JsonSerializer.Deserialize(line, WorkloadContext.Default.Region)!;
                if (result.Number != ++number)
                    throw new InvalidDataException($"{log.Name} has result {result.Number}, and {number} is the next");
                sum += (long)result.Calls;
            }
        }

        return sum;
    }
}
