using DisruptorStream.Ingest;

namespace LlmGateway;

/// <summary>The request path: calls the model, and publishes how that went.</summary>
internal sealed class Gateway
{
    private readonly ModelBackend _backend;
    private readonly EventPublisher<ModelCall> _calls;
    private readonly TimeProvider _clock;

    public Gateway(ModelBackend backend, EventPublisher<ModelCall> calls, TimeProvider clock)
    {
        _backend = backend;
        _calls = calls;
        _clock = clock;
    }

    public async Task<Completion> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var begin = _clock.GetTimestamp();
        var (text, tokens) = await _backend.CompleteAsync(request.Model, request.Prompt, cancellationToken);
        var milliseconds = _clock.GetElapsedTime(begin).TotalMilliseconds;

        // Some tens of nanoseconds; were the ring full, it would wait without holding a thread.
        await _calls.PublishAsync(
            new ModelCall(request.Model, _clock.GetUtcNow(), milliseconds, tokens), cancellationToken);
        return new Completion(request.Model, text, tokens, milliseconds);
    }
}
