#include "src/app/recovered_log.hpp"

#include "src/app/run_remarks.hpp"

#include <string>

namespace st0ck::app {

void tell_recovered(const core::Logger& log, const kernel::Kernel& kernel,
                    const Configuration& configuration, core::Sequence last) {
  std::string text = "what earlier processes did is not told again";
  for (const std::string& remark : remarks_on(kernel, configuration)) text += "; " + remark;
  const kernel::RunEnd figures = kernel.figures();
  log.info("RUN_RECOVERED", text,
           {{"records", last},
            {"orders", figures.orders},
            {"fills", figures.fills},
            {"trades", figures.trades}});
}

}  // namespace st0ck::app
