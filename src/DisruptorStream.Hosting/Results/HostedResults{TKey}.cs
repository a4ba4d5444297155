using DisruptorStream.Messages;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Hosting.Results;

/// <inheritdoc/>
internal sealed class HostedResults<TKey> : HostedResults
    where TKey : notnull
{
    private readonly EventProcessor _processor;
    private readonly DeliveryParts<TKey> _delivery;
    private readonly IResultReader<TKey>? _reader;
    private Task _reading = Task.CompletedTask;

    /// <param name="name">Whose results they are.</param>
    /// <param name="processor">The processor or stream.</param>
    /// <param name="delivery">Where they come from.</param>
    /// <param name="reader">Reads them for the host; null for nobody.</param>
    public HostedResults(
        string name, EventProcessor processor, DeliveryParts<TKey> delivery, IResultReader<TKey>? reader)
        : base(name)
    {
        _processor = processor;
        _delivery = delivery;
        _reader = reader;
    }

    public override Task Reading => _reading;

    public override void Expect(Action<string> tellUnread)
    {
        // With sinks too, the stream is fed only once somebody reads it.
        if (_reader is not null)
            _delivery.Results.ExpectReader();
        else
            _delivery.Results.OnUnread = () => tellUnread(Name);
    }

    public override void Begin(CancellationToken timeout)
    {
        if (_reader is not { } reader)
            return;

        // On a thread of its own, as it may hold it for as long as there are results.
        _reading = Task.Factory.StartNew(
            () => ReadAsync(reader, timeout),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default).Unwrap();
    }

    public override void ThrowUnlessRead()
    {
        if (_reader is not null && _delivery.Readers.OwnCount is > 0 and var left)
        {
            throw new InvalidOperationException(
                $"The reader of the results of processor '{Name}' returned while the host stopped and left {left} of "
                + "them; it must enumerate them to the end.");
        }
    }

    private async Task ReadAsync(IResultReader<TKey> reader, CancellationToken timeout)
    {
        try
        {
            var reading = reader.ReadAsync(_delivery.Results.ReadAllAsync(CancellationToken.None), timeout)
                ?? throw new InvalidOperationException(
                    $"The reader {TypeText.Of(reader.GetType())} of the results of processor '{Name}' returned null "
                    + "from ReadAsync; return a task that completes when the results have ended.");
            await reading.ConfigureAwait(false);
        }
        finally
        {
            _delivery.Results.ForgetReader();
        }

        // The ring is closed before the results end: while it is open, there are more to come.
        if (_processor.GetStats().State is ProcessorState.Created or ProcessorState.Running)
        {
            throw new InvalidOperationException(
                $"The reader of the results of processor '{Name}' returned before their end, so nobody reads what is "
                + "still to come; it must enumerate them to the end.");
        }
    }
}
