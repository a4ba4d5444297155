using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Checks the windows of a hosted processor or query; the code is generated from their attributes.</summary>
[OptionsValidator]
internal sealed partial class HostedQueryOptionsValidator : IValidateOptions<HostedQueryOptions>
{
}
