//! A form that is sent: busy while it is, and wrong in words when it was refused.
import { explain, fieldsOf } from "./explain.ts";

/** The state of one form. */
export function createForm() {
  let busy = $state(false);
  let wrong = $state("");
  let fields = $state<Record<string, string>>({});
  return {
    get busy(): boolean {
      return busy;
    },
    /** What is wrong with all of it; empty when it is a field's fault. */
    get wrong(): string {
      return wrong;
    },
    get fields(): Record<string, string> {
      return fields;
    },
    /** Runs the sending once at a time. True when it went through. */
    async send(work: () => Promise<void>): Promise<boolean> {
      if (busy) return false;
      busy = true;
      wrong = "";
      fields = {};
      try {
        await work();
        return true;
      } catch (error) {
        fields = fieldsOf(error);
        wrong = Object.keys(fields).length > 0 ? "" : explain(error);
        return false;
      } finally {
        busy = false;
      }
    },
  };
}
