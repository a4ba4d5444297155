using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Orleans;
using DisruptorStream.Orleans.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Cluster.Tests.Orleans;

/// <summary>Silos of one cluster, in one process.</summary>
public sealed class SiloTests : IAsyncDisposable
{
    private const int Calls = 600;

    // So many that one of three silos is first for none of them once in five thousand runs.
    private const int Partitions = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly InMemoryLogStore _logs = new();
    private readonly InMemoryCheckpointStore _checkpoints = new();
    private readonly List<IHost> _silos = [];
    private readonly ConcurrentQueue<string> _lines = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync(CancellationToken.None);
            silo.Dispose();
        }

        await _logs.DisposeAsync();
        await _checkpoints.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Silos_ThatComeAndGo_OwnEachPartitionOnce_AndTheResultsAreExact(int standbys)
    {
        var query = TestSilo.Query(_logs, _checkpoints, Partitions);
        await StartSiloAsync(standbys);
        await UntilOwned(1);
        await TestSilo.WriteAsync(query, 0, Calls);

        // To three silos under load: partitions move to them.
        var load = Task.Run(() => TestSilo.WriteAsync(query, Calls, Calls), Token);
        await StartSiloAsync(standbys);
        await StartSiloAsync(standbys);
        await UntilOwned(3);
        await load;
        await CheckHealthAndMetricsAsync();

        // And back: each silo that stops hands its partitions over.
        load = Task.Run(() => TestSilo.WriteAsync(query, 2 * Calls, Calls), Token);
        await StopSiloAsync(0);
        await StopSiloAsync(0);
        await UntilOwned(1);
        await load;
        Assert.Equal(3 * Calls, await TestSilo.EndAsync(query, Patience));
        Assert.Contains(_lines, line => line.StartsWith("The silo", StringComparison.Ordinal)
            && line.Contains("is there, one of 3", StringComparison.Ordinal));
        Assert.Contains(_lines, line => line.StartsWith("The silo", StringComparison.Ordinal)
            && line.Contains("is gone", StringComparison.Ordinal));
    }

    /// <summary>A rolling upgrade, with and without what knows the query of before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silos_OfTheNextVersion_TakeThePlaceOfTheOthers(bool knowsBefore)
    {
        var first = TestSilo.Query(_logs, _checkpoints, Partitions);
        await StartSiloAsync(1);
        await StartSiloAsync(1);
        await UntilOwned(2);
        await TestSilo.WriteAsync(first, 0, Calls);
        var load = Task.Run(() => TestSilo.WriteAsync(first, Calls, Calls), Token);
        var next = TestSilo.Query(Queries.BillsWithDearest, 2, _logs, _checkpoints, Partitions);
        var knowing = next.UpgradeFrom(Queries.Bills);
        await StartSiloAsync(1, knowsBefore ? knowing : next);
        await StopSiloAsync(0);
        await UntilOwned(2);
        await StartSiloAsync(1, knowsBefore ? knowing : next);
        await StopSiloAsync(0);
        await UntilOwned(2);
        await load;
        Assert.Equal(2 * Calls, await TestSilo.EndAsync(knowing, Patience));
        var explained = await next.ExplainUpgradeAsync(0, Token);
        Assert.Equal((2, true), (explained.Version, explained.Plan!.IsSame));
    }

    private async Task CheckHealthAndMetricsAsync()
    {
        var services = _silos[^1].Services;
        for (var tries = 1; ; tries++)
        {
            var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
            Assert.NotEqual(HealthStatus.Unhealthy, health.Status);
            var data = health.Entries["disruptorstream-partitions"].Data;
            Assert.All(
                data.Keys, key => Assert.StartsWith($"partition.{TestSilo.Name}/", key, StringComparison.Ordinal));
            var measured = Measure(services);
            Assert.True(measured["disruptorstream.partition.epoch"] > 0);
            Assert.True(measured["disruptorstream.partition.state.size"] > 0);

            // A partition may move between the two.
            if (data.Count(entry => entry.Value is "Owning") == measured["disruptorstream.partition.owned"])
                return;
            Assert.True(tries < 100, $"Health and metrics differ: {string.Join(", ", data)}");
            await Task.Delay(100, Token);
        }
    }

    private static Dictionary<string, long> Measure(IServiceProvider services)
    {
        var measured = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "DisruptorStream.Partitions"
                && instrument.Meter.Scope == services.GetService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            Assert.Contains(new("disruptorstream.query", TestSilo.Name), tags.ToArray());
            measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private async Task StartSiloAsync(int standbys, PartitionedQuery<Call, string>? query = null)
    {
        var host = TestSilo.Build(
            query ?? TestSilo.Query(_logs, _checkpoints, Partitions),
            new PlacementOptions { Standbys = standbys },
            lines: _lines);
        await host.StartAsync(Token).WaitAsync(Patience, Token);
        _silos.Add(host);
    }

    private async Task StopSiloAsync(int silo)
    {
        await _silos[silo].StopAsync(Token).WaitAsync(Patience, Token);
        _silos[silo].Dispose();
        _silos.RemoveAt(silo);
    }

    /// <summary>Waits until all partitions are owned, by as many silos.</summary>
    private async Task UntilOwned(int silos)
    {
        IReadOnlyList<PartitionPlace> places = [];
        for (var tries = 0; tries < 1_200; tries++)
        {
            places = await _silos[^1].Services.GetRequiredService<PartitionTable>().ReadAsync(Token);
            Assert.All(places, place => Assert.Equal(TestSilo.Name, place.Query));
            if (places.Count == Partitions && places.All(place => place.State == PartitionState.Owning)
                && places.Select(place => place.Silo).Distinct().Count() == silos)
            {
                return;
            }

            await Task.Delay(100, Token);
        }

        Assert.Fail($"The partitions are not on {silos} silos: {string.Join("; ", places)}");
    }
}
