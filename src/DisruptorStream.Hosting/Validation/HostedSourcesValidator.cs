using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Checks how each source of a processor is read.</summary>
internal sealed class HostedSourcesValidator : IValidateOptions<HostedProcessorOptions>
{
    private readonly HostedSourceOptionsValidator _one = new();

    public ValidateOptionsResult Validate(string? name, HostedProcessorOptions options)
    {
        var failures = new List<string>();
        foreach (var (source, how) in options.Sources.ByName)
        {
            var result = _one.Validate($"{name}.{nameof(options.Sources)}.{source}", how);
            if (result.Failed)
                failures.AddRange(result.Failures);
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
