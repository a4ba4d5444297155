using System.Collections.Concurrent;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.PostgreSql.Checkpoints;
using DisruptorStream.PostgreSql.Logs;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Partitions with PostgreSQL alone are exact, though it is killed and owners take from each other.</summary>
public sealed class PostgreSqlPartitionTests
{
    private const int Calls = 3_000;
    private const int Partitions = 2;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Owners_ServerIsKilledAndOthersTakeOver_EachCallIsInOneResult()
    {
        await using var server = await TestServer.StartAsync();
        var options = new PostgreSqlLogOptions
        {
            CreateTables = true,
            PollInterval = TimeSpan.FromMilliseconds(20),
            Timeout = TimeSpan.FromSeconds(10),
        };
        await using var logs = new PostgreSqlLogStore(server.ConnectionString, options);
        await using var checkpoints = new PostgreSqlCheckpointStore(
            server.ConnectionString, new PostgreSqlCheckpointOptions { CreateTables = true });
        var query = Queries.Partitioned(logs, checkpoints, Partitions);
        await query.CreateTopicsAsync(Token);
        var owners = new ConcurrentBag<PartitionOwner>();
        StartOwners(query, owners);
        var writing = Task.Run(() => WriteAsync(query), Token);
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAny(writing, Task.Delay(400, Token));
            await server.KillAsync();
            StartOwners(query, owners);
            await server.StartAgainAsync();
        }

        await writing.WaitAsync(Bound, Token);
        var calls = 0L;
        for (var partition = 0; partition < Partitions; partition++)
        {
            await ResultLog.WaitForEndAsync(logs, partition, Token).WaitAsync(Bound, Token);
            await query.VerifyAsync(partition, Token);
            var bills = await ResultLog.ReadAsync(logs, partition, Token);
            Assert.Equal(Enumerable.Range(1, bills.Count), bills.Select(bill => (int)bill.Number));
            calls += bills.Sum(bill => bill.Calls);
        }

        Assert.Equal(Calls, calls);
        foreach (var owner in owners)
        {
            await owner.DisposeAsync().AsTask().WaitAsync(Bound, Token);
            Assert.NotEqual(PartitionState.Failed, owner.GetStatus().State);
        }
    }

    /// <summary>Those before are not stopped: they are refused by the log.</summary>
    private static void StartOwners(PartitionedQuery<Call, string> query, ConcurrentBag<PartitionOwner> owners)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var owner = query.NewOwner(partition);
            owners.Add(owner);
            owner.Start();
        }
    }

    private static async Task WriteAsync(PartitionedQuery<Call, string> query)
    {
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024 });
        for (var at = 0; at < Calls; at++)
        {
            await writer.WriteAsync(new Call($"tenant {at % 41}", at + (at * 31 % 17), 1), Token);
            if (at % 20 == 0)
                await Task.Delay(10, Token);
        }

        await writer.CompleteAsync(Token);
    }
}
