using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Checks every option of a hosted processor; the code is generated from their attributes.</summary>
[OptionsValidator]
internal sealed partial class HostedProcessorOptionsValidator : IValidateOptions<HostedProcessorOptions>
{
}
