using DisruptorStream.Hosting.Registration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Health;

/// <summary>Refuses, when the host starts, health checks of a processor that is not there.</summary>
internal sealed class ProcessorNameValidator : IValidateOptions<ProcessorHealthOptions>
{
    private readonly List<string> _processors = [];

    public ProcessorNameValidator(IEnumerable<NamedService<HostedProcessor>> processors)
    {
        foreach (var processor in processors)
            _processors.Add(processor.Name);
    }

    public ValidateOptionsResult Validate(string? name, ProcessorHealthOptions options)
    {
        if (name is null || _processors.Contains(name))
            return ValidateOptionsResult.Success;
        var choice = _processors.Count == 0
            ? "it has no processors: add one with AddStreamProcessor."
            : $"there are: {string.Join(", ", _processors)}.";
        return ValidateOptionsResult.Fail(
            $"The health checks name the processor '{name}', and the host has none of that name; {choice}");
    }
}
