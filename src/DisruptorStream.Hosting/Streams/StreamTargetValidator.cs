using DisruptorStream.Messages;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Streams;

/// <summary>Refuses, when the host starts, what was added to a stream that is not there.</summary>
internal sealed class StreamTargetValidator : IValidateOptions<StreamTargetOptions>
{
    private readonly IEnumerable<StreamTarget> _targets;

    public StreamTargetValidator(IEnumerable<StreamTarget> targets) => _targets = targets;

    public ValidateOptionsResult Validate(string? name, StreamTargetOptions options)
    {
        var streams = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var target in _targets)
        {
            if (!target.IsExtension)
                streams[target.Stream] = target.EventType;
        }

        foreach (var target in _targets)
        {
            if (!streams.TryGetValue(target.Stream, out var type))
            {
                var choice = streams.Count == 0
                    ? "it has no streams: add one with AddEventStream."
                    : $"there are: {string.Join(", ", streams.Keys)}.";
                return ValidateOptionsResult.Fail(
                    $"ExtendEventStream names the stream '{target.Stream}', and the host has none of that name; "
                    + choice);
            }

            if (type != target.EventType)
            {
                return ValidateOptionsResult.Fail(
                    $"ExtendEventStream names the stream '{target.Stream}' of {TypeText.Of(target.EventType)}, and its "
                    + $"events are {TypeText.Of(type)}; name that type.");
            }
        }

        return ValidateOptionsResult.Success;
    }
}
