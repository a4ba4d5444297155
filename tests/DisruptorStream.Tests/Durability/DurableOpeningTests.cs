using System.Collections.Concurrent;
using DisruptorStream.Durability;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Durability;

/// <summary>What a start reads and leaves behind, where it succeeds and where it does not.</summary>
public sealed class DurableOpeningTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("opening-").FullName;
    private readonly FailingFiles _disk = new();
    private readonly CollectingSink<string> _sink = new();
    private readonly CollectingAsyncSink<string> _asyncSink = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The recovery has handed results to the sinks, and no processor comes that would end them.</summary>
    [Theory]
    [InlineData("write", ".spare")]
    [InlineData("open", "snapshot-")]
    public async Task Build_FailsBehindTheRecovery_SinksGetTheirLastCall(string call, string file)
    {
        await EndWithResultsOnTheWayAsync();
        _disk.Fails = (failing, path) => failing == call && path.Contains(file, StringComparison.Ordinal);

        var failure = Assert.Throws<DurabilityException>(() => Build());

        Assert.Equal(2, _sink.Count);
        Assert.Equal("OnComplete", _sink.Calls[^1]);
        Assert.Same(failure, _sink.Failure);
        Assert.Equal(2, _asyncSink.Count);
        Assert.Equal("CompleteAsync", _asyncSink.Calls[^1]);
        Assert.Same(failure, _asyncSink.Failure);
        Assert.Equal(0, _disk.OpenFiles);
    }

    /// <summary>The processor has handed nothing to the sinks that the recovery has started.</summary>
    [Fact]
    public async Task DisposeAsync_RightAfterTheRecovery_SinksGetTheirLastCall()
    {
        await EndWithResultsOnTheWayAsync();

        await Build().DisposeAsync();

        Assert.Equal(2, _sink.Count);
        Assert.Equal("OnComplete", _sink.Calls[^1]);
        Assert.IsType<ProcessorStoppedException>(_sink.Failure);
        Assert.Equal("CompleteAsync", _asyncSink.Calls[^1]);
        Assert.Single(_asyncSink.Calls, "StartAsync");
    }

    /// <summary>Nothing but what was opened is there to be closed: the shadow reads the journal already.</summary>
    [Fact]
    public async Task Build_ProcessorCannotBeMade_LeavesNoFileOpen()
    {
        await EndWithResultsOnTheWayAsync();
        var opened = 0;

        // Of the snapshot that the recovery has written: first for the shadow, then for the processor.
        _disk.Fails = (call, path) => call == "open" && path.Contains("snapshot-", StringComparison.Ordinal)
            && ++opened == 2;

        Assert.Throws<DurabilityException>(() => Build());

        Assert.Equal(2, opened);
        Assert.Equal(0, _disk.OpenFiles);
        _disk.Fails = null;
        await using var next = Build();
        Assert.True(next.Durability!.Recovery.IsRecovered);
    }

    /// <summary>Whatever the process may not do, the error names the directory.</summary>
    [Theory]
    [InlineData("create", "")]
    [InlineData("open", ".journal")]
    [InlineData("open", "snapshot-")]
    [InlineData("create", "snapshot-")]
    [InlineData("write", ".spare")]
    [InlineData("sync", ".journal")]
    [InlineData("read", ".journal")]
    public async Task Build_NotAllowed_IsToldClearlyOrDoesNoHarm(string call, string file)
    {
        await EndWithResultsOnTheWayAsync();
        _disk.Failure = static text => new UnauthorizedAccessException(text);
        _disk.Fails = (failing, path) => failing == call && path.Contains(file, StringComparison.Ordinal);

        var failure = Record.Exception(() =>
        {
            var built = Build();
            _disk.Fails = null;
            built.DisposeAsync().AsTask().GetAwaiter().GetResult();
        });

        if (failure is null)
            return;
        var told = Assert.IsType<DurabilityException>(failure);
        Assert.Contains(_directory, told.Message, StringComparison.Ordinal);
        Assert.Contains($"The disk does not {call}", told.Message, StringComparison.Ordinal);
    }

    /// <summary>At the first start nothing can be lost, so the message speaks of room and of nothing else.</summary>
    [Fact]
    public void Build_DiskIsFullAtTheFirstStart_SaysHowMuchRoomItTakes()
    {
        _disk.Failure = static _ => new IOException("No space left on device.");
        _disk.Fails = (call, path) => call == "write" && path.EndsWith(".spare", StringComparison.Ordinal);

        var failure = Assert.Throws<DurabilityException>(() => Build());

        Assert.Equal(
            $"The processor 'default' cannot begin to write its journal in '{_directory}': No space left on device. "
            + "Nothing is lost by that. See to it that this process may write there and that the disk has room for 3 "
            + "more files of 65536 bytes (SegmentBytes makes them shorter), and start again.",
            failure.Message);

        // Printed with what caused it, the text is there once.
        Assert.Null(Assert.IsType<IOException>(failure.InnerException).InnerException);
    }

    /// <summary>A start takes the newest snapshot: those that are older are only looked at.</summary>
    [Fact]
    public async Task Build_SeveralSnapshots_ReadsTheHeadersOfOlderOnesAlone()
    {
        await using (var first = Build())
        {
            for (var at = 0; at < 3; at++)
            {
                first.Publish("a", at, 1);
                await first.Durability!.WhenDurableAsync(Token);
                await first.Durability.TakeSnapshotAsync(Token);
            }

            await first.StopAsync(StopMode.Abort, Token);
        }

        var paths = Directory.GetFiles(_directory, "snapshot-*.state").Order().ToArray();
        Assert.Equal(3, paths.Length);
        var calls = new ConcurrentQueue<string>();
        _disk.Fails = (call, path) =>
        {
            calls.Enqueue($"{call} {path}");
            return false;
        };
        await using var second = BuildByHand();

        Assert.All(paths[..2], path =>
        {
            Assert.Single(calls, $"open {path}");
            Assert.Equal(2, calls.Count(call => call == $"read {path}"));
        });
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A run whose sinks have not got two results when it ends.</summary>
    private async Task EndWithResultsOnTheWayAsync()
    {
        await using var first = Processors.Tumbling(100).Counting(ExecutionMode.Inline)
            .To(new CollectingAsyncSink<string>(static async (_, token) => await Task.Delay(Timeout.Infinite, token)))
            .DurableIn(Settings())
            .Build();
        first.Publish("a", 0, 1);
        first.Publish("a", 100, 1);
        first.Publish("a", 200, 1);
        await first.Durability!.WhenDurableAsync(Token);
    }

    private StreamProcessor<string> Build() => Build(Settings());

    private StreamProcessor<string> BuildByHand() => Build(Settings() with { IsByHand = true });

    private StreamProcessor<string> Build(DurableSettings settings) =>
        Processors.Tumbling(100).Counting(ExecutionMode.Inline)
            .To(_sink)
            .To(_asyncSink)
            .DurableIn(settings)
            .Build();

    private DurableSettings Settings() => DurableSettings.Of(
        _directory,
        new DurabilityOptions { SegmentBytes = 1 << 16, SyncInterval = TimeSpan.FromMilliseconds(10) }) with
    {
        Files = _disk,
    };
}
